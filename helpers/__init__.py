"""Shared code of the workshop's notebooks.

Nothing happens on import: pick the module you need, for instance
``from helpers.data import make_dataset``. From the ground up; no module imports from above it:

=====  ===========================================================================================
floor  modules
=====  ===========================================================================================
0      ``data`` makes the data set, ``labels`` describes labels, ``metrics`` scores predictions,
       ``plots`` draws, ``splits`` numbers rows, ``environment`` checks the installation;
       ``seeds``, ``progress`` and ``skipping`` serve others. None of them needs TensorFlow
1      ``quiet`` imports Keras without start-up messages, ``models`` builds compiled models,
       ``making`` calls a model builder once a fold, ``plain_fit`` trains one by ``model.fit``,
       ``stackable`` and ``stacking`` train K networks as one, ``predictor`` uses a final model
2      ``training`` trains one network a fold, stacked where exact; ``persistence`` saves and loads
3      ``evaluation`` cross-validates a Keras model
=====  ===========================================================================================
"""

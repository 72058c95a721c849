"""Shared code of the workshop's notebooks.

Nothing happens on import: pick the module you need, for instance
``from helpers.data import make_dataset``. From the ground up; no module imports from above it:

=====  ===========================================================================================
floor  modules
=====  ===========================================================================================
0      ``data`` makes the data set and its oracle, ``set_prior`` works out how often its label sets
       come, ``tables`` reads one's own (with ``table_files``, ``columns`` and ``table_labels``),
       ``openml`` fetches well-known ones,
       ``preprocessing`` turns tables into numbers, ``stratification`` and ``splits`` deal out
       rows, ``labels`` and ``label_sets`` describe and use labels, ``metrics`` and
       ``label_metrics`` score predictions, ``calibration`` and ``thresholds`` judge and use
       probabilities, ``intervals``, ``results`` and ``comparison`` say what a cross-validation
       found, ``sharing`` deals its folds out to processes or to a cluster, ``estimators`` runs one
       with scikit-learn, ``early_stopping`` says when to stop, ``plots``
       draws, ``checks`` judges answers to exercises, ``experiments`` remembers trials (with
       ``log_file`` and ``knobs``), ``environment`` checks the installation, ``bug_report``
       describes it; ``validation``, ``probabilities``, ``seeds``, ``progress`` and ``skipping``
       serve others. None of them needs TensorFlow
1      ``quiet`` imports Keras without start-up messages, ``losses`` weights labels, ``models``
       builds compiled models, ``making`` calls a model builder once a fold, ``normalization``
       adapts layers to training rows, ``plain_fit`` trains one model by ``model.fit``,
       ``stacking`` trains K networks as one (``stackable`` and ``alike`` say which, it is made of
       ``stacked_weights`` and ``per_network``, ``networks`` decides how many, ``reuse`` keeps what
       was traced), ``predictor`` uses a final model,
       ``saving_checks`` refuses what can't be saved, ``model_file`` writes and reads its file
2      ``training`` trains one network a fold, stacked where exact; ``persistence`` saves and loads
3      ``cross_validation`` puts it all together
4      ``evaluation`` cross-validates Keras models, and has all that a comparison needs;
       ``command`` is ``python -m helpers``, which uses a saved model
=====  ===========================================================================================
"""

"""Shared code of the workshop's notebooks.

Nothing happens on import: pick the module you need, for instance
``from helpers.data import make_dataset``. From the ground up:

========================  =====================================================
``helpers.data``          makes the data set and describes its labels
``helpers.metrics``       turns true labels and probabilities into scores
``helpers.plots``         one function for each figure
``helpers.quiet``         imports Keras without TensorFlow's start-up messages
``helpers.models``        builds compiled Keras models
``helpers.stacking``      the mechanism: K networks trained as one
``helpers.training``      trains one network a fold, stacked where that is exact
``helpers.evaluation``    repeated k-fold cross-validation of a Keras model
``helpers.persistence``   saves a final model, and loads it to predict
========================  =====================================================
"""

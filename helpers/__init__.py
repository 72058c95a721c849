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
       found, ``estimators`` runs one with scikit-learn, ``plots`` draws, ``checks`` judges answers
       to exercises, ``experiments`` remembers trials (with ``log_file`` and ``knobs``),
       ``environment`` checks the installation, ``bug_report`` describes it; ``validation``,
       ``probabilities``, ``progress`` and ``skipping`` serve others. None of them needs TensorFlow
1      ``quiet`` imports Keras without start-up messages, ``losses`` weights labels, ``models``
       builds compiled models, ``training`` trains one network a fold (``building`` makes them,
       ``program`` compiles their training, ``folds`` puts it together), ``predictor`` uses a final
       model, ``saving_checks`` refuses what can't be saved, ``model_file`` writes and reads its
       file
2      ``persistence`` saves and loads
3      ``cross_validation`` puts it all together
4      ``evaluation`` cross-validates Keras models, and has all that a comparison needs;
       ``command`` is ``python -m helpers``, which uses a saved model
=====  ===========================================================================================
"""

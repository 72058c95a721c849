"""The code that the lessons share. Pick what you need: nothing happens on import.

- `helpers.data`, `.labels`: the data set and its oracle; what labels are like (lesson 01)
- `helpers.models`: compiled Keras models (02); `.quiet` alone imports Keras at once, silently
- `helpers.evaluation`, `.results`: cross-validation (03), tuning (14); `.estimators` (05),
  `.splits` (11)
- `helpers.metrics` (05), `.decisions`, `.thresholds` (08), `.calibration` (09): what predictions
  are worth
- `helpers.chains`: chains that search for the most probable label set (10)
- `helpers.preprocessing`, `.tables`: a table of your own (11); `.persistence`: save, load (04)
- `helpers.plots`: one function a figure; `.teaching`: exercises, log, installation check
- `helpers.training`: the engine that trains many networks as one (15)
- ``python -m helpers --help``: a saved model on the command line
"""

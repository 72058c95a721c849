"""scikit-learn's own checks of estimators, and why some of them can't pass."""

from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from helpers.calibration import ProbabilityScaler
from helpers.chains import ProbabilisticChainClassifier
from helpers.estimators import _LabelByLabel
from helpers.labels import LabelPowersetClassifier
from helpers.preprocessing import DateFeatures, TextFeatures

NOT_BINARY = "the check hands over a column of other numbers than 0 and 1"
ONE_DIMENSION = "the check hands over a vector y: label sets need a matrix"
OF_LABEL_SETS = {
    "check_estimators_dtypes": NOT_BINARY,
    "check_classifier_data_not_an_array": NOT_BINARY,
    "check_fit2d_1feature": NOT_BINARY,
    "check_estimator_sparse_array": NOT_BINARY,
    "check_estimator_sparse_matrix": NOT_BINARY,
    "check_classifiers_one_label": ONE_DIMENSION,
    "check_classifiers_classes": ONE_DIMENSION,
    "check_classifiers_train": "one column of labels comes back as one column, not as a vector",
    "check_classifier_not_supporting_multiclass": "its words are: only binary classification",
}
NO_PROBABILITIES = """
    check_estimators_overwrite_params check_dont_overwrite_parameters
    check_estimators_fit_returns_self check_readonly_memmap_input check_n_features_in_after_fitting
    check_positive_only_tag_during_fit check_estimators_dtypes check_pipeline_consistency
    check_estimators_pickle check_f_contiguous_array_estimator check_transformer_data_not_an_array
    check_transformer_general check_transformer_preserve_dtypes
    check_methods_sample_order_invariance check_methods_subset_invariance check_fit2d_1sample
    check_fit2d_1feature check_dict_unchanged check_fit_idempotent check_fit_check_is_fitted
    check_n_features_in check_fit2d_predict1d check_requires_y_none
"""
OF_THE_SCALER = dict.fromkeys(
    NO_PROBABILITIES.split(), "the check hands over numbers outside 0 to 1"
) | {
    "check_fit_score_takes_y": NOT_BINARY,
    "check_dtype_object": NOT_BINARY,
    "check_estimators_empty_data_messages": "refused, but because there is no column for the label",
    "check_estimators_nan_inf": "refused, but with row and column, as nan and not as NaN",
}
OF_CHAINS = {name: why for name, why in OF_LABEL_SETS.items() if "sparse" not in name}
EXPECTED_FAILURES = {
    LabelPowersetClassifier: OF_LABEL_SETS,
    ProbabilisticChainClassifier: OF_CHAINS,
    ProbabilityScaler: OF_THE_SCALER,
}
# The checks have numbers alone, and these take dates and texts.
NOT_OF_NUMBERS = {DateFeatures, TextFeatures}
LOGISTIC = LogisticRegression(solver="newton-cholesky")


@parametrize_with_checks(
    [
        LabelPowersetClassifier(LOGISTIC),
        ProbabilisticChainClassifier(LOGISTIC),
        ProbabilityScaler(),
    ],
    expected_failed_checks=lambda estimator: EXPECTED_FAILURES[type(estimator)],
    xfail_strict=True,
)
def test_conventions_of_scikit_learn(estimator, check):
    check(estimator)


def test_all_estimators_of_the_workshop_are_checked():
    own = [kind for kind in all_subclasses(BaseEstimator) if kind.__module__.startswith("helpers.")]
    # What evaluate_estimator makes for labels with gaps: nobody else can have one.
    assert set(own) - {_LabelByLabel} == set(EXPECTED_FAILURES) | NOT_OF_NUMBERS


def all_subclasses(kind):
    return [kind, *(sub for child in kind.__subclasses__() for sub in all_subclasses(child))]

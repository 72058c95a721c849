"""Checks of lesson 06: a baseline, the share of the way to the ceiling, unseen label sets."""

import numpy as np

from helpers.teaching.exercises import call, checks, compare, read_number

# Label by label the training rows say 111, which is none of them; their most frequent set is 011.
Y_TRAIN = np.repeat([[0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1]], [3, 2, 2, 2], axis=0)
Y_TEST = np.repeat([[0, 1, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]], [2, 3, 1, 4], axis=0)


@checks("06.1", "This is the first mark to put beside a score: what you get without looking at X.")
def _most_frequent_set(answer):
    answer = read_number(call(answer, Y_TRAIN, Y_TEST))
    majority = (Y_TRAIN.mean(axis=0) >= 0.5).astype(int)
    set_right = (Y_TEST == [0, 1, 1]).all(axis=1)
    of_test = (Y_TEST == [1, 0, 0]).all(axis=1).mean()
    on_train = (Y_TRAIN == [0, 1, 1]).all(axis=1).mean()
    mistakes = [
        ((Y_TEST == [0, 1, 1]).mean(), "Right single labels are counted here, not right rows."),
        (
            (majority == Y_TEST).all(axis=1).mean(),
            "Each label was decided by itself. The answer to that can be a set that no row has: "
            "count whole rows.",
        ),
        (
            of_test,
            "The set was chosen on the test rows. A baseline may see the training rows only.",
        ),
        (on_train, "The set is the right one, but it is scored on the rows that it was chosen on."),
        (set_right.sum(), "A share of the test rows is asked for, not their number."),
        ((Y_TEST == 0).all(axis=1).mean(), "This is what nothing but zeros would score."),
    ]
    otherwise = "Find the row that occurs most often in y_train; how many test rows equal it?"
    compare(answer, set_right.mean(), mistakes, otherwise)


@checks("06.2", "A score of 0.80 alone says little; four fifths of what is possible says a lot.")
def _share_of_the_way(answer):
    # The second case is a loss, the third a model worse than the baseline.
    for score, baseline, best in [(0.7, 0.2, 0.9), (0.14, 0.28, 0.08), (0.1, 0.2, 0.9)]:
        found = read_number(call(answer, score, baseline, best))
        room, way = best - baseline, score - baseline
        mistakes = [
            (score / best, "Where is the baseline? It must get 0."),
            (way / (1 - baseline), "The end of the way is the best possible score, not 1."),
            (way, "Divide by the whole way, from the baseline to the best."),
            ((best - score) / room, "This is the share that is still missing."),
            (way / best, "The way is as long as from the baseline to the best."),
            (abs(way / room), "Leave the sign alone: worse than the baseline is negative."),
            (way / abs(room), "For a loss, the way goes down: what does the sign of it do?"),
            (max(way / room, 0), "Don't cut off at 0: worse than the baseline is negative."),
        ]
        right = way / room
        wrong = [(value, hint) for value, hint in mistakes if abs(value - right) > 1e-6]
        compare(found, right, wrong, "How long is the whole way? How much of it is done?")


@checks(
    "06.3", "However good its classifier is, no model over label sets can score more than this."
)
def _known_sets(answer, y_train, y_test):
    answer = read_number(answer)
    train, test = (np.array(["".join(map(str, row)) for row in y]) for y in (y_train, y_test))
    right = np.isin(test, train).mean()
    mistakes = [
        (1 - right, "This is the share that is out of reach. The ceiling is what is left."),
        (
            np.isin(train, test).mean(),
            "The other way round: which *test* pictures have known sets?",
        ),
        (
            np.isin(np.unique(test), train).mean(),
            "Count test pictures, not different label sets: a frequent set counts more.",
        ),
        (np.isin(test, train).sum(), "A share is asked for, not a number of pictures."),
        (100 * right, "A share between 0 and 1 is asked for, not a percentage."),
        (1, "Was each test picture compared with the test pictures? Then it has found itself."),
    ]
    otherwise = "Which test pictures have a label set that a training picture has, too?"
    compare(answer, right, mistakes, otherwise, tolerance=0.0005)

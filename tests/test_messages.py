import copy
import json
import pickle

import pytest

from gan.messages import Message, number, say


def test_a_message_is_english_and_knows_what_it_was_made_from():
    said = say("{count} of {name!r} at {share:.1f} %.", count=3, name="a", share=1.25)
    assert said == "3 of 'a' at 1.2 %." and isinstance(said, str)
    assert said.template == "{count} of {name!r} at {share:.1f} %." and said.values["count"] == 3


def test_without_values_braces_stand():
    assert say("Give {} or nothing.") == "Give {} or nothing."


def test_a_missing_value_is_a_mistake():
    with pytest.raises(KeyError, match="name"):
        say("No {name}.", count=1)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_and_other_processes_keep_it(again):
    said = again(say("{count} runs.", count=2))
    assert said == "2 runs." and isinstance(said, Message) and said.values == {"count": 2}


def test_json_holds_the_english():
    assert json.dumps(say("{count} runs.", count=2)) == '"2 runs."'


def test_measured_numbers_are_short_however_large_they_are():
    shown = [number(value) for value in (0.6931, 12.3, -9999, 8301526908928.0, -2e5, float("nan"), float("-inf"))]
    assert shown == ["0.693", "12.300", "-9999.000", "8.3e12", "-2.0e5", "not a number", "not a number"]

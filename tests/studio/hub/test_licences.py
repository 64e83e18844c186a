"""Licences: found in people's words, and what comes from one may be passed on under no looser one."""

import pytest

from gan.errors import StudioError
from gan.studio.hub.licences import AS_BASE, LICENCES, UNKNOWN, check_choice, read_terms


@pytest.mark.parametrize(
    "words, ids",
    [
        ("CC BY 4.0 (the cats are by David Revoy)", ["cc-by-4.0"]),
        ("cc-by-sa-4.0", ["cc-by-sa-4.0"]),
        ("CC BY-NC-SA 4.0", ["cc-by-nc-sa-4.0"]),
        ("cc-by-nc-4.0", ["cc-by-nc-4.0"]),
        ("CC BY-ND", ["cc-by-nd-4.0"]),
        ("cc-by-nc-nd-4.0", ["cc-by-nc-nd-4.0"]),
        ("MIT", ["mit"]),
        ("permitted, and unlimited", []),
        ("GPLv3", ["gpl-3.0"]),
        ("AGPL-3.0", ["agpl-3.0"]),
        ("creativeml-openrail-m", ["creativeml-openrail-m"]),
        ("CC0", ["cc0-1.0"]),
        ("CC BY 4.0: name the fonts' licences (Apache 2.0)", ["cc-by-4.0", "apache-2.0"]),
        ("That of MNIST; name LeCun", []),
    ],
)
def test_licences_in_words(words, ids):
    assert [licence.id for licence in read_terms("x", words).named] == ids


def test_each_licence_is_found_by_its_own_names():
    for id, licence in LICENCES.items():
        assert [one.id for one in read_terms("x", id).named] == [id]
        assert id in [one.id for one in read_terms("x", licence.title).named]


def refused(terms, choice, private=True) -> str:
    with pytest.raises(StudioError) as caught:
        terms.check(choice, private)
    return str(caught.value)


def test_what_comes_from_a_model_is_under_no_looser_terms():
    cats = read_terms("cats", "CC BY 4.0 (the cats are by David Revoy)")
    for choice in ("cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "gpl-3.0", AS_BASE):
        cats.check(choice, private=False)
    said = refused(cats, "mit")
    assert said.startswith("MIT would loosen the terms of cats, which are: CC BY 4.0 (the cats are by David Revoy).")
    assert "Choose cc-by-4.0, " in said and said.endswith(" or other.") and " mit" not in said
    refused(cats, "cc0-1.0")
    assert read_terms("x", "cc-by-sa-4.0").choices == ["cc-by-sa-4.0", AS_BASE]  # the same licence, and no stricter one
    both = read_terms("x", "MIT code, CC BY-NC 4.0 pictures")
    assert "cc-by-4.0" not in both.choices and both.choices[0] == "cc-by-nc-4.0"


def test_words_that_name_no_licence_go_along_as_they_are():
    mnist = read_terms("digits", "That of MNIST; name LeCun")
    assert mnist.choices == [AS_BASE]
    assert "MIT would loosen the terms of digits, which are: That of MNIST; name LeCun." in refused(mnist, "mit")


def test_terms_that_nobody_has_said_stay_private():
    unsaid = read_terms("ada/punks", "")
    unsaid.check(UNKNOWN, private=True)
    assert refused(unsaid, UNKNOWN, private=False).startswith("ada/punks does not say under which terms")
    assert refused(unsaid, "mit").startswith("MIT cannot be given to what comes from ada/punks.")


def test_what_may_not_be_changed_is_passed_on_unchanged_only():
    assert refused(read_terms("x", "CC BY-ND 4.0"), "cc-by-nd-4.0").startswith("x is under CC BY-ND 4.0.")
    read_terms("x", "CC BY-ND 4.0", changed=False).check("cc-by-nd-4.0", private=False)


def test_what_is_no_licence():
    check_choice("mit")
    with pytest.raises(StudioError, match="'free' is not a licence that can be chosen. Choose cc0-1.0, mit, "):
        check_choice("free")

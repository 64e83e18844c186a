"""The sentences of the dataset doctor: one rule each, None where there is nothing to say."""

from collections.abc import Callable, Sequence

from gan.messages import Message, also, as_message, listed, say, say_n

# (fewer than, what to expect). Fine-tuning 44-minute-old cats on 118 emoji gave recognisable faces after 6,500 pictures
# on one core; papers on few pictures (Karras et al. 2020, Zhao et al. 2020, Liu et al. 2021) begin at about 100.
EXPECT = (
    (
        20,
        "expect the model to learn these very pictures by heart and to blend between them. Start from a base model, "
        "turn augmentation on and stop early.",
    ),
    (
        100,
        "start from a base model with augmentation on: its shapes will take on the look of your pictures, and after "
        "a long training it will repeat some of them.",
    ),
    (
        500,
        "enough to fine-tune a base model well with augmentation on; from scratch, expect rough pictures and copies.",
    ),
    (
        5000,
        "enough to fine-tune a base model; from scratch it works for pictures that are much alike, with "
        "augmentation on.",
    ),
    (
        float("inf"),
        "enough to train from scratch if you have the time, and more than enough to fine-tune a base model.",
    ),
)


def sentences(r) -> tuple[Message, ...]:
    """All that there is to say of a Report, what to expect first."""
    said = (rule(r) for rule in RULES)
    return tuple(text for text in said if text)


def _expect(r) -> Message:
    distinct = r.count - r.same
    words = next(words for most, words in EXPECT if distinct < most)
    count = say_n("{n:,} different picture", "{n:,} different pictures", distinct)
    return say("{count}: {what}", count=count, what=say(words))


def _classes(r) -> Message | None:
    return classes_words(r.classes)


def classes_words(classes: Sequence[str]) -> Message | None:
    """Which classes pictures or sounds are sorted into."""
    if not classes:
        return None
    names = listed([*classes[:30], *(["..."] if len(classes) > 30 else [])])
    return say(
        "They are sorted into {count} classes: {names}. A pair from scratch learns them, and can be asked for each.",
        count=len(classes),
        names=names,
    )


def _unsorted(r) -> Message | None:
    return r.unsorted and as_message(r.unsorted)


def unsorted_words(count: int, strays: Sequence[str], singles: Sequence[str], most: int) -> Message:
    """Why so many folders are no classes: files that lie in none, folders that hold one file only, more folders than
    can be learned."""
    why: list[Message] = []
    if strays:
        why.append(
            say_n(
                "{n:,} file lies in none of their folders: {names}. Put it into one, or leave it out.",
                "{n:,} files lie in none of their folders: {names}. Put each into one, or leave them out.",
                len(strays),
                names=_named(strays),
            )
        )
    if singles:
        why.append(
            say_n(
                "{n:,} class has a single file: {names}. Add more to it, or leave it out.",
                "{n:,} classes have a single file each: {names}. Add more to them, or leave them out.",
                len(singles),
                names=_named(singles),
            )
        )
    if count > most:
        why.append(say("At most {most} can be learned: leave some out.", most=most))
    return say(
        "They are sorted into {count} classes, but are trained on without them. {why}", count=count, why=also(*why)
    )


def _source(r) -> Message | None:
    if not r.source:
        return None
    source = as_message(r.source)
    return say(
        "The pictures were drawn from {source}: the model will learn another model's habits, not the world's.",
        source=source,
    )


def _cut(r) -> Message | None:
    return r.cut and as_message(r.cut)


def _broken(r) -> Message | None:
    return broken_words(r.broken, r.broken_files)


def broken_words(count: int, files) -> Message | None:
    """What could not be read: so many, of which the first are `files`, (name, sentence)."""
    if not count:
        return None
    return say_n(
        "{n:,} file could not be read and was left out: {names}.",
        "{n:,} files could not be read and were left out: {names}.",
        count,
        names=_names(files, count),
    )


def _others(r) -> Message | None:
    return other_words(r.others, r.other_files)


def other_words(count: int, files) -> Message | None:
    """Likewise of what is no picture."""
    if not count:
        return None
    return say_n(
        "{n:,} file was left out, not being pictures: {names}.",
        "{n:,} files were left out, not being pictures: {names}.",
        count,
        names=_names(files, count),
    )


def _read(r) -> Message | None:
    return also(*r.notes) if r.notes else None


def _size(r) -> Message | None:
    if r.source:
        return None
    (w0, width, w2), (h0, height, h2) = r.width, r.height
    if (w0, h0) == (w2, h2):
        return say(
            "All are {width} x {height} pixels; the networks see them at {side} x {side}.",
            width=width,
            height=height,
            side=r.side,
        )
    return say(
        "They are {w0} to {w2} pixels wide and {h0} to {h2} high, typically {width} x {height}; the networks see them "
        "at {side} x {side}.",
        w0=w0,
        w2=w2,
        h0=h0,
        h2=h2,
        width=width,
        height=height,
        side=r.side,
    )


def _crop(r) -> Message | None:
    if not r.cropped:
        return None
    return say(
        "{which} not square: the networks see the middle square only. Crop those yourself where the subject is not in "
        "the middle.",
        which=_share(r.cropped, r.count),
    )


def _small(r) -> Message | None:
    if not r.small:
        return None
    return say(
        "{which} smaller than {side} pixels and will look soft: choose a smaller side or larger pictures.",
        which=_share(r.small, r.count),
        side=r.side,
    )


def _colour(r) -> Message | None:
    if r.channels == 1:
        which = _share(r.colour, r.count)
        if not r.colour:
            return say("All pictures are grey, and so will all samples be.")
        return say("{which} in colour; the networks see grey only.", which=which)
    if not r.colour:
        return say("All pictures are grey.")
    grey = r.count - r.colour
    which = _share(grey, r.count)
    return say("{which} grey, the others in colour: the model will make both.", which=which) if grey else None


def _transparent(r) -> Message | None:
    if not r.transparent:
        return None
    which = _share(r.transparent, r.count)
    if r.channels == 4:
        return say("{which} partly transparent, which the networks see too.", which=which)
    return say("{which} partly transparent, with white laid behind.", which=which)


def _films(r) -> Message | None:
    which = _share(r.films, r.count)
    return say("{which} animated: only the first frame is taken.", which=which) if r.films else None


def _turned(r) -> Message | None:
    return say("{which} turned upright as the camera noted.", which=_share(r.turned, r.count)) if r.turned else None


def _deep(r) -> Message | None:
    which = _share(r.deep, r.count)
    return say("{which} of more than 8 bits: the finest shades are dropped.", which=which) if r.deep else None


def _blank(r) -> Message | None:
    which = _share(r.blank, r.count)
    return say("{which} of a single colour: remove those that are not meant.", which=which) if r.blank else None


def _same(r) -> Message | None:
    if not r.same:
        return None
    return say_n(
        "{n:,} picture is there twice ({pair}): the model will make those more often.",
        "{n:,} pictures are there twice ({pair}): the model will make those more often.",
        r.same,
        pair=_pair(r.same_pairs),
    )


def _alike(r) -> Message | None:
    if not r.alike:
        return None
    return say_n(
        "{n:,} picture is nearly the same as another ({pair}): they count for little.",
        "{n:,} pictures are nearly the same as another ({pair}): they count for little.",
        r.alike,
        pair=_pair(r.alike_pairs),
    )


RULES: tuple[Callable, ...] = (
    _expect,
    _classes,
    _unsorted,
    _read,
    _source,
    _cut,
    _broken,
    _others,
    _same,
    _alike,
    _blank,
    _size,
    _crop,
    _small,
    _colour,
    _transparent,
    _films,
    _turned,
    _deep,
)


def _share(some: int, of: int) -> Message:
    """The subject and verb of a sentence."""
    if some == of:
        return say("All pictures are") if of > 1 else say("The picture is")
    return say_n("{n:,} of {of:,} pictures is", "{n:,} of {of:,} pictures are", some, of=of)


def _names(files, count: int) -> Message:
    return _named([name for name, _ in files[:3]], count)


def _named(some: Sequence[str], count: int = 0) -> Message:
    """The first three of `count` names, by default of all that there are."""
    count, names = count or len(some), listed(some[:3])
    return say("{names} and {count:,} more", names=names, count=count - 3) if count > 3 else names


def _pair(pairs) -> Message:
    _, _, first, second = pairs[0]
    both = say("{before} and {last}", before=first, last=second)
    return both if len(pairs) == 1 else say("such as {example}", example=both)

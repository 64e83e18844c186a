"""What the scores of a model are called, and what each means. scoring.py takes them."""

from dataclasses import dataclass

from gan.messages import Message, say


@dataclass(frozen=True)
class Metric:
    """What a score is called, which value is best ("low", "high", or "real", like that of real samples), and what it
    says of {things}: pictures, sounds or words."""

    title: str
    best: str
    help: str
    digits: int = 3

    def about(self, things: Message) -> Message:
        """What it says of samples that are called so."""
        return say(self.help, things=things)


METRICS = {
    "frechet": Metric(
        "Fréchet distance",
        "low",
        "How far the samples as a whole are from the real {things}, in what they are like and how varied they are; "
        "0 is best. It shrinks with the number of {things}, so compare it only for the same numbers.",
    ),
    "kernel": Metric(
        "Kernel distance",
        "low",
        "The same question, answered so that it does not depend on the number of {things}; "
        "0 is best, and chance may make it a little less.",
        4,
    ),
    "precision": Metric("Precision", "high", "The share of samples that could pass for real {things}."),
    "recall": Metric("Recall", "high", "The share of real {things} that are like something the model makes."),
    "density": Metric(
        "Density",
        "real",
        "How thickly real {things} stand around a sample; about 1 for real ones, less where samples are odd.",
    ),
    "coverage": Metric("Coverage", "high", "The share of real {things} that have a sample near by."),
    "diversity": Metric(
        "Diversity",
        "real",
        "How much the samples of one grid differ, beside real {things}; 1 is as much, less means they are alike.",
    ),
    "memorised": Metric(
        "Memorised",
        "real",
        "The share of samples that are nearer to one of the training {things} than any other of these is. New real "
        "{things} have such a share, too: only more than theirs means copies.",
    ),
    "nearer": Metric(
        "Nearer to the training",
        "real",
        "How often a sample is nearer to the training {things} than new real ones are; 0.5 is as often as not, near 1 "
        "means copies.",
    ),
    "classes": Metric(
        "Right class", "high", "The share of samples in which a classifier sees the class that was asked for."
    ),
    "letters1": Metric(
        "Letters",
        "low",
        "How far the samples are from real words in which letters they have, in bits from 0, the same, to 1.",
        4,
    ),
    "letters2": Metric("Two letters", "low", "The same of two letters in a row.", 4),
    "letters3": Metric("Three letters", "low", "The same of three letters in a row."),
    "letters4": Metric(
        "Four letters",
        "low",
        "The same of four letters in a row, of which there are so many that real words differ, too.",
    ),
    "known": Metric("Learned words", "real", "The share of samples that are words of the training list."),
    "found": Metric(
        "Words found anew",
        "high",
        "The share of samples that are real words which the model has never seen.",
    ),
    "plausible": Metric(
        "New and word-like",
        "real",
        "The share of samples that are in no list, and of which every four letters in a row occur in real words; "
        "beside it for how many other real words that is so.",
    ),
    "different": Metric("Different", "high", "How many different words there are among the samples, as a share."),
}

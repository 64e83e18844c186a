"""The training doctor beside a run: something to say where it is something else than before."""

from gan.store.run_folder import Run
from gan.studio.runs.worker.news import Advice
from gan.training.records import Record


class Adviser:
    """Hears all records of a run that goes on from what its folder holds."""

    def __init__(self, run: Run):
        self._doctor, self._said = run.doctor(), ("learning", "")  # which is all that can be said at first

    def hear(self, record: Record) -> Advice | None:
        """Take in a record; the diagnosis where its verdict, or that on the last change, is a new one."""
        self._doctor.see(record)
        found = self._doctor.diagnosis()
        judged = found.sentence.values.get("first", "")
        if (found.verdict, judged) in (("learning", ""), self._said):
            return None
        self._said = found.verdict, judged
        return Advice(record.step, found)

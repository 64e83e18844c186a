"""The training doctor on the command line: a sentence when there is something else to say than before."""

from gan.store.run_folder import Run
from gan.training.records import Record


class DoctorPrinter:
    """Hears all records of a run that goes on from what its folder holds."""

    def __init__(self, run: Run):
        self._doctor, self._said = run.doctor(), "learning"  # which is all that can be said at first

    def hear(self, record: Record) -> None:
        """Take in a record, and print the diagnosis where its verdict is a new one."""
        self._doctor.see(record)
        found = self._doctor.diagnosis()
        if found.verdict not in ("learning", self._said):
            remedy = f" {found.remedy.label}: {found.remedy.options()}" if found.remedy else ""
            print(f"Step {record.step}: {found.sentence}{remedy}", flush=True)
            self._said = found.verdict

"""A flat vocabulary of exceptions and warnings.

Every exception that the package raises on purpose derives from :class:`SwvtypesError`, every
warning from :class:`SwvtypesWarning`, so that callers can catch or silence exactly one thing.
"""

from __future__ import annotations

from collections.abc import Iterable

_BREAKS = {ord(sign): repr(sign)[1:-1] for sign in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"}


def _one_line(text: str) -> str:
    """Spell out whatever would begin a new line, so that a fault is one line."""
    return str(text).strip().translate(_BREAKS)


class SwvtypesError(Exception):
    """Base of every exception that the package raises on purpose."""


class FaultsError(SwvtypesError):
    """An input at fault; lists every fault found, not only the first.

    Parameters
    ----------
    subject : str
        What was read or checked, for example a file name.
    faults : iterable of str
        One sentence a fault.
    """

    def __init__(self, subject: str, faults: Iterable[str]) -> None:
        self.subject = _one_line(subject)
        self.faults: tuple[str, ...] = tuple(map(_one_line, faults))
        noun = "fault" if len(self.faults) == 1 else "faults"
        lines = "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(f"{subject}: {len(self.faults)} {noun}\n{lines}")

    def __reduce__(self) -> tuple[type[FaultsError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.subject, self.faults)


class WaveError(FaultsError):
    """A wave that cannot be read or does not fit its codebook."""


class CodebookError(FaultsError):
    """A codebook that cannot be read or contradicts itself."""


class RecordError(FaultsError):
    """A printed record (published figures) that is absent or malformed."""


class TableError(FaultsError):
    """A table specification that does not fit the wave it is run on."""


class InputError(FaultsError, ValueError):
    """Arguments or data that a function cannot use."""


class OptionError(SwvtypesError, ValueError):
    """An option with a value outside its range.

    Parameters
    ----------
    name : str
        Name of the option.
    expected : str
        What it accepts.
    got : object
        What came.
    """

    def __init__(self, name: str, expected: str, got: object) -> None:
        self.name = name
        self.expected = expected
        self.got = got
        super().__init__(f"{name}: expected {expected}, got {got!r}")

    def __reduce__(self) -> tuple[type[OptionError], tuple[str, str, object]]:
        return type(self), (self.name, self.expected, self.got)


class ResourceError(SwvtypesError):
    """A packaged data file that cannot be found or written."""


class ReconstructionError(SwvtypesError):
    """Rows that cannot be rebuilt from the printed figures."""


class SwvtypesWarning(UserWarning):
    """Base of every warning that the package gives on purpose."""


class MissingExtraError(SwvtypesError, ImportError):
    """A feature that needs a library which an extra of the package installs.

    Parameters
    ----------
    feature : str
        What was asked.
    library : str
        The library that is absent.
    extra : str
        The extra that installs it.
    """

    def __init__(self, feature: str, library: str, extra: str) -> None:
        self.feature = feature
        self.needed = library
        self.extra = extra
        super().__init__(
            f"{feature} needs the library {library}, which is not installed: "
            f'pip install "swvtypes[{extra}]"'
        )

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), (self.feature, self.needed, self.extra)


class NotBinaryError(InputError):
    """An indicator given as binary that has more than two values."""


class AllMissingError(InputError):
    """An indicator without a single answer."""


class WeightError(InputError):
    """Weights that are negative, missing, infinite, all zero or of the wrong number."""


class UnseenCategoryError(InputError):
    """A category that the model was not fitted on."""


class ConstantItemWarning(SwvtypesWarning):
    """An indicator with one value only: it says nothing about classes."""


class SingleAnswerWarning(SwvtypesWarning):
    """A category that one case only has chosen."""


class ManyCategoriesWarning(SwvtypesWarning):
    """An integer column with more than ten values, read as nominal."""


class ManyParametersWarning(SwvtypesWarning):
    """More parameters than cases."""


class FoundOnceWarning(SwvtypesWarning):
    """The best log-likelihood was reached from one start only."""


class NotConvergedWarning(SwvtypesWarning):
    """The best start ended at the largest number of iterations, before it converged."""


class BoundaryWarning(SwvtypesWarning):
    """Estimates on the boundary of their range."""


class EmptyRowWarning(SwvtypesWarning):
    """Rows without any answer: they get the class shares and carry no weight."""


class FewStartsWarning(SwvtypesWarning):
    """So few starts a replicate that likelihood ratios fall short of their true distribution."""


class SurveyWeightError(InputError):
    """Survey weights given to a procedure that needs frequencies."""


class SeparationWarning(SwvtypesWarning):
    """A covariate or an outcome that separates classes: estimates are kept finite by a prior."""


class MembershipError(FaultsError):
    """A membership that cannot be read or contradicts itself."""


class RakingError(FaultsError):
    """Margins that no weights of the respondents can meet."""


class TypologyError(FaultsError, ValueError):
    """A typology that cannot be made, read, or applied to a wave."""


class InformationError(TypologyError):
    """A wave whose items carry too little of a typology's information to be scored."""


class CrosswalkError(FaultsError, ValueError):
    """A crosswalk that cannot be read, contradicts itself, or does not fit a wave."""


class RunError(FaultsError):
    """A run file that cannot be used, or a results folder that cannot be written."""


class AbsentResultError(InputError, AttributeError):
    """A result that a model does not have because it was not asked; ``hasattr`` says no."""


class OptionsError(OptionError):
    """Several options outside their range; lists them all.

    Parameters
    ----------
    errors : iterable of OptionError
        One an option.
    """

    def __init__(self, errors: Iterable[OptionError]) -> None:
        self.errors: tuple[OptionError, ...] = tuple(errors)
        self.faults: tuple[str, ...] = tuple(str(error) for error in self.errors)
        super().__init__(", ".join(e.name for e in self.errors), "values in their range", "others")

    def __str__(self) -> str:
        return "\n".join(self.faults)

    def __reduce__(self) -> tuple[type[OptionsError], tuple[tuple[OptionError, ...]]]:  # type: ignore[override]
        return type(self), (self.errors,)


class FewOrganisationsWarning(SwvtypesWarning):
    """So few organisations that an interval is shorter than it should be."""


class WorkerError(SwvtypesError):
    """Worker processes that ended while at work, and again when they were replaced."""


class ClusterError(SwvtypesError):
    """A Dask cluster that cannot be used.

    Parameters
    ----------
    address : str
        Of its scheduler.
    why : str
        What is the matter.
    """

    def __init__(self, address: str, why: str) -> None:
        self.address = address
        self.why = why
        super().__init__(_one_line(f"cluster {address}: {why}"))

    def __reduce__(self) -> tuple[type[ClusterError], tuple[str, str]]:
        return type(self), (self.address, self.why)

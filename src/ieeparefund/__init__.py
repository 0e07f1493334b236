"""US IEEPA duty refunds: CAPE eligibility, deadlines, duty and interest, exact to the cent.

Every public name is importable from here and is loaded on first use. No legal advice, no CBP product.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ieeparefund.ace.abi import read_query_output
    from ieeparefund.ace.claim_details import read_claim_details
    from ieeparefund.ace.declaration_files import write_declarations
    from ieeparefund.ace.es003 import read_entries
    from ieeparefund.ace.refund_reports import read_refund_report
    from ieeparefund.entries.codes import (
        AdCvdStatus,
        EntryType,
        LiquidationStatus,
        Payee,
        ProtestStatus,
        SummaryStatus,
    )
    from ieeparefund.entries.column1 import Column1Rate
    from ieeparefund.entries.entry import Entry, EntryLine, TariffLine
    from ieeparefund.entries.entry_number import EntryNumber
    from ieeparefund.errors import (
        CoverageError,
        EntryNumberError,
        FieldError,
        FileFormatError,
        FloatMoneyError,
        HtsNumberError,
        IeepaRefundError,
        InputError,
        LimitError,
        MissingExtraError,
        RateNotPublishedError,
    )
    from ieeparefund.inputs.limits import ReadLimits
    from ieeparefund.law.check_results import LineCheck
    from ieeparefund.law.citations import Citation, Standing
    from ieeparefund.law.column1 import column1_rate
    from ieeparefund.law.duty import IeepaDuty, ieepa_duty
    from ieeparefund.law.duty_split import DutySplit, split_duty
    from ieeparefund.law.eligibility import Eligibility, Outcome, Remedy, check_eligibility
    from ieeparefund.law.expected_duty import ExpectedDuty, expected_duty, expected_heading_duty
    from ieeparefund.law.findings import Effect, Finding
    from ieeparefund.law.goods import GoodsFacts, TransportMode
    from ieeparefund.law.headings import (
        Authority,
        Heading,
        HeadingKind,
        Programme,
        authority,
        ieepa_heading,
        ieepa_headings,
    )
    from ieeparefund.law.interest import Interest, InterestPeriod, interest
    from ieeparefund.law.interest_bounds import InterestBounds, interest_bounds
    from ieeparefund.law.interest_factor import interest_cents, interest_factor
    from ieeparefund.law.late_interest import LateInterest, late_refund_interest
    from ieeparefund.law.line_checks import check_line
    from ieeparefund.law.line_findings import entry_findings, line_findings, merge_findings
    from ieeparefund.law.manifest import rules_version
    from ieeparefund.law.rates import PUBLISHED_RATES, RateBand, RateTable, annual_rate
    from ieeparefund.law.schedule_rates import with_schedule_rates
    from ieeparefund.law.windows import (
        Window,
        cape_window,
        deemed_liquidation_date,
        denied_protest_suit_window,
        entry_summary_due_date,
        expected_liquidation_date,
        periodic_statement_due_date,
        post_summary_correction_window,
        protest_window,
        reconciliation_due_date,
        refund_due_date,
        residual_suit_window,
        voluntary_reliquidation_window,
        windows,
    )
    from ieeparefund.law.working_days import (
        add_working_days,
        is_working_day,
        next_working_day,
        nth_working_day,
        previous_working_day,
        working_days_between,
    )
    from ieeparefund.problems import EntryFile
    from ieeparefund.refunds.cash import CashForecast, cash_forecast
    from ieeparefund.refunds.declarations import Declaration, DeclarationPlan, plan_declarations
    from ieeparefund.refunds.deposit import DepositRule
    from ieeparefund.refunds.estimate import Column1Source, RefundEstimate, estimate_refund
    from ieeparefund.refunds.ledger import Ledger
    from ieeparefund.refunds.portfolio import ExpectedPayment, Portfolio, estimate_portfolio
    from ieeparefund.refunds.preflight import Account, Stop
    from ieeparefund.refunds.reconcile import Reconciliation, reconcile
    from ieeparefund.refunds.reconcile_inputs import BankLine, Offset, OffsetKind, Payment, PaymentState
    from ieeparefund.refunds.reconcile_items import ItemKind
    from ieeparefund.refunds.trace import InterestCase, InterestHypothesis, InterestTrace, explain_interest
    from ieeparefund.refunds.trace_book import AssumptionSet, BookTrace, explain_interest_book

# Names by module, so that each is loaded when it is first used.
_MODULES = {
    "entries.entry_number": "EntryNumber",
    "entries.codes": "AdCvdStatus EntryType LiquidationStatus Payee ProtestStatus SummaryStatus",
    "entries.column1": "Column1Rate",
    "entries.entry": "Entry EntryLine TariffLine",
    "errors": (
        "CoverageError EntryNumberError FieldError FileFormatError FloatMoneyError HtsNumberError "
        "IeepaRefundError InputError LimitError MissingExtraError RateNotPublishedError"
    ),
    "law.citations": "Citation Standing",
    "law.findings": "Effect Finding",
    "law.working_days": (
        "add_working_days is_working_day next_working_day nth_working_day previous_working_day "
        "working_days_between"
    ),
    "law.windows": (
        "Window cape_window deemed_liquidation_date denied_protest_suit_window "
        "entry_summary_due_date expected_liquidation_date periodic_statement_due_date "
        "post_summary_correction_window protest_window reconciliation_due_date refund_due_date "
        "residual_suit_window voluntary_reliquidation_window windows"
    ),
    "law.rates": "PUBLISHED_RATES RateBand RateTable annual_rate",
    "law.interest": "Interest InterestPeriod interest",
    "law.interest_bounds": "InterestBounds interest_bounds",
    "law.interest_factor": "interest_cents interest_factor",
    "law.late_interest": "LateInterest late_refund_interest",
    "law.headings": "Authority Heading HeadingKind Programme authority ieepa_heading ieepa_headings",
    "law.duty": "IeepaDuty ieepa_duty",
    "law.eligibility": "Eligibility Outcome Remedy check_eligibility",
    "refunds.deposit": "DepositRule",
    "refunds.estimate": "Column1Source RefundEstimate estimate_refund",
    "refunds.portfolio": "ExpectedPayment Portfolio estimate_portfolio",
    "law.expected_duty": "ExpectedDuty expected_duty expected_heading_duty",
    "law.goods": "GoodsFacts TransportMode",
    "law.line_checks": "check_line",
    "law.check_results": "LineCheck",
    "law.line_findings": "entry_findings line_findings merge_findings",
    "law.schedule_rates": "with_schedule_rates",
    "law.column1": "column1_rate",
    "law.duty_split": "DutySplit split_duty",
    "law.manifest": "rules_version",
    "refunds.declarations": "Declaration DeclarationPlan plan_declarations",
    "refunds.ledger": "Ledger",
    "refunds.trace": "InterestCase InterestHypothesis InterestTrace explain_interest",
    "refunds.trace_book": "AssumptionSet BookTrace explain_interest_book",
    "refunds.cash": "CashForecast cash_forecast",
    "refunds.reconcile": "Reconciliation reconcile",
    "refunds.reconcile_inputs": "BankLine Offset OffsetKind Payment PaymentState",
    "refunds.reconcile_items": "ItemKind",
    "refunds.preflight": "Account Stop",
    "problems": "EntryFile",
    "inputs.limits": "ReadLimits",
    "ace.es003": "read_entries",
    "ace.abi": "read_query_output",
    "ace.claim_details": "read_claim_details",
    "ace.declaration_files": "write_declarations",
    "ace.refund_reports": "read_refund_report",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = [
    "PUBLISHED_RATES",
    "Account",
    "AdCvdStatus",
    "AssumptionSet",
    "Authority",
    "BankLine",
    "BookTrace",
    "CashForecast",
    "Citation",
    "Column1Rate",
    "Column1Source",
    "CoverageError",
    "Declaration",
    "DeclarationPlan",
    "DepositRule",
    "DutySplit",
    "Effect",
    "Eligibility",
    "Entry",
    "EntryFile",
    "EntryLine",
    "EntryNumber",
    "EntryNumberError",
    "EntryType",
    "ExpectedDuty",
    "ExpectedPayment",
    "FieldError",
    "FileFormatError",
    "Finding",
    "FloatMoneyError",
    "GoodsFacts",
    "Heading",
    "HeadingKind",
    "HtsNumberError",
    "IeepaDuty",
    "IeepaRefundError",
    "InputError",
    "Interest",
    "InterestBounds",
    "InterestCase",
    "InterestHypothesis",
    "InterestPeriod",
    "InterestTrace",
    "ItemKind",
    "LateInterest",
    "Ledger",
    "LimitError",
    "LineCheck",
    "LiquidationStatus",
    "MissingExtraError",
    "Offset",
    "OffsetKind",
    "Outcome",
    "Payee",
    "Payment",
    "PaymentState",
    "Portfolio",
    "Programme",
    "ProtestStatus",
    "RateBand",
    "RateNotPublishedError",
    "RateTable",
    "ReadLimits",
    "Reconciliation",
    "RefundEstimate",
    "Remedy",
    "Standing",
    "Stop",
    "SummaryStatus",
    "TariffLine",
    "TransportMode",
    "Window",
    "__version__",
    "add_working_days",
    "annual_rate",
    "authority",
    "cape_window",
    "cash_forecast",
    "check_eligibility",
    "check_line",
    "column1_rate",
    "deemed_liquidation_date",
    "denied_protest_suit_window",
    "entry_findings",
    "entry_summary_due_date",
    "estimate_portfolio",
    "estimate_refund",
    "expected_duty",
    "expected_heading_duty",
    "expected_liquidation_date",
    "explain_interest",
    "explain_interest_book",
    "ieepa_duty",
    "ieepa_heading",
    "ieepa_headings",
    "interest",
    "interest_bounds",
    "interest_cents",
    "interest_factor",
    "is_working_day",
    "late_refund_interest",
    "line_findings",
    "merge_findings",
    "next_working_day",
    "nth_working_day",
    "periodic_statement_due_date",
    "plan_declarations",
    "post_summary_correction_window",
    "previous_working_day",
    "protest_window",
    "read_claim_details",
    "read_entries",
    "read_query_output",
    "read_refund_report",
    "reconcile",
    "reconciliation_due_date",
    "refund_due_date",
    "residual_suit_window",
    "rules_version",
    "split_duty",
    "voluntary_reliquidation_window",
    "windows",
    "with_schedule_rates",
    "working_days_between",
    "write_declarations",
]


def __getattr__(name: str) -> Any:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module 'ieeparefund' has no attribute {name!r}")
    value = getattr(import_module(f"ieeparefund.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

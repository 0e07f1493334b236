"""Code lists an entry carries: CBP entry types and the states of an entry summary.

Sources: Form 7501 instructions, block 2, and CATAIR (entry types); the states are those of ACE's reports,
with the words of 19 CFR parts 159 and 174. Every state has a meaning of its own; *unknown* is `None`, never a
member.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AdCvdStatus", "EntryType", "LiquidationStatus", "Payee", "ProtestStatus", "SummaryStatus"]


class EntryType(StrEnum):
    """CBP entry type, by its two-digit code."""

    CONSUMPTION = "01"
    QUOTA_VISA = "02"
    ANTIDUMPING_COUNTERVAILING = "03"
    APPRAISEMENT = "04"
    VESSEL_REPAIR = "05"
    FOREIGN_TRADE_ZONE = "06"
    QUOTA_AND_ANTIDUMPING_COUNTERVAILING = "07"
    DUTY_DEFERRAL = "08"
    RECONCILIATION = "09"
    INFORMAL = "11"
    INFORMAL_QUOTA = "12"
    INFORMAL_MAIL_TEST = "13"
    WAREHOUSE = "21"
    REWAREHOUSE = "22"
    TEMPORARY_IMPORTATION_BOND = "23"
    TRADE_FAIR = "24"
    PERMANENT_EXHIBITION = "25"
    ZONE_ADMISSION = "26"
    WITHDRAWAL_CONSUMPTION = "31"
    WITHDRAWAL_QUOTA = "32"
    AIRCRAFT_VESSEL_SUPPLY = "33"
    WITHDRAWAL_ANTIDUMPING_COUNTERVAILING = "34"
    WITHDRAWAL_QUOTA_AND_ANTIDUMPING_COUNTERVAILING = "38"
    DRAWBACK_DIRECT_MANUFACTURING = "41"
    DRAWBACK_SAME_CONDITION = "42"
    DRAWBACK_REJECTED = "43"
    DRAWBACK_SUBSTITUTION_MANUFACTURER = "44"
    DRAWBACK_SUBSTITUTION_SAME_CONDITION = "45"
    DRAWBACK_OTHER = "46"
    DRAWBACK = "47"
    CONTRACT_MANAGEMENT = "51"
    GOVERNMENT_DUTIABLE = "52"
    IMMEDIATE_TRANSPORTATION = "61"
    TRANSPORTATION_AND_EXPORTATION = "62"
    IMMEDIATE_EXPORTATION = "63"
    BARGE_MOVEMENT = "64"
    PERMIT_TO_PROCEED = "65"
    BAGGAGE = "66"
    SECTION_321 = "86"


class LiquidationStatus(StrEnum):
    """Where an entry stands on its way to liquidation (19 CFR part 159)."""

    UNLIQUIDATED = "unliquidated"
    LIQUIDATED = "liquidated"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    UNDER_REVIEW = "under_review"


class ProtestStatus(StrEnum):
    """State of a protest against the entry (19 USC 1514, 1515). `NONE` means known to be absent."""

    NONE = "none"
    OPEN = "open"
    SUSPENDED = "suspended"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class SummaryStatus(StrEnum):
    """State of the entry summary in ACE."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    TRADE_CONTROL = "trade_control"


class AdCvdStatus(StrEnum):
    """Antidumping and countervailing state: none; suspended, awaiting Commerce; or Commerce has
    instructed and liquidation is pending (19 USC 1504(d))."""

    NONE = "none"
    SUSPENDED = "suspended"
    LIQUIDATION_PENDING = "liquidation_pending"


class Payee(StrEnum):
    """Class of the person refunded, which decides between CBP's two overpayment rates (26 USC 6621(a)(1)).

    CBP publishes one rate for corporations and one for all others; which class an LLC, a partnership or a
    foreign company falls in is answered nowhere, so it is always given, never assumed.
    """

    CORPORATION = "corporation"
    OTHER = "other"

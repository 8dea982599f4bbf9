"""Every word that appears as a value in a table. Values are lower-case and stable: outside programs read them."""

from __future__ import annotations

from lifetide.vocabulary.arriving import (
    CREDIT_EVENTS,
    ORDER_EVENTS,
    ConsentChannel,
    ConsentStatus,
    EventType,
    LineState,
    OrderState,
    RejectReason,
    SourceKind,
)
from lifetide.vocabulary.people import (
    BaselineSource,
    BuyingFrequency,
    ClassKind,
    CustomerStage,
    Importance,
    LifecycleGroup,
    LifecycleReason,
    Loyalty,
    PriceSensitivity,
    Regularity,
    RfmReason,
    RfmSegment,
    RfmStage,
    StageReason,
)
from lifetide.vocabulary.running import (
    EnterReason,
    ExitReason,
    LearnedMethod,
    ParameterScope,
    PeriodKind,
    ProductLogic,
    RunStatus,
    Severity,
)
from lifetide.vocabulary.word import (
    Word,
)

__all__ = [
    "CREDIT_EVENTS",
    "ORDER_EVENTS",
    "BaselineSource",
    "BuyingFrequency",
    "ClassKind",
    "ConsentChannel",
    "ConsentStatus",
    "CustomerStage",
    "EnterReason",
    "EventType",
    "ExitReason",
    "Importance",
    "LearnedMethod",
    "LifecycleGroup",
    "LifecycleReason",
    "LineState",
    "Loyalty",
    "OrderState",
    "ParameterScope",
    "PeriodKind",
    "PriceSensitivity",
    "ProductLogic",
    "Regularity",
    "RejectReason",
    "RfmReason",
    "RfmSegment",
    "RfmStage",
    "RunStatus",
    "Severity",
    "SourceKind",
    "StageReason",
    "Word",
]

"""Notice: until when it has to be said that a contract shall not go on, and whether it was said in time.

`model.py` is what a contract says, `deadline.py` the days and instants that follow from it, `receipt.py` when something that
was sent counts as there. `judged.py` decides on a notice that was given. `ending.py` is for a notice without any reason,
which runs from its receipt. Read `model.py` first.
"""

from prmcore.contracts.notice.deadline import (
    READING_SOURCES,
    DeadlineStep,
    NoticeDeadline,
    ReadDeadline,
    SendBefore,
    WhyCounted,
    notice_deadline,
    open_until,
    receive_by,
)
from prmcore.contracts.notice.ending import NoticeEnding, ending, receive_by_for
from prmcore.contracts.notice.judged import (
    JUDGING,
    JudgedNotice,
    NoticeFacts,
    NoticeOutcome,
    counts_on,
    judged,
)
from prmcore.contracts.notice.model import (
    DEEMED_RECEIPTS,
    ActualReceipt,
    Channel,
    ConvenienceClause,
    DeemedReceipt,
    EffectiveOn,
    GivenNotice,
    LateNotice,
    NoticeClause,
    NoticeStage,
    Reading,
    ToEndOf,
)
from prmcore.contracts.notice.receipt import DeemedDay, ReceiptStep, WhyMoved, deemed_received, sent_before

__all__ = [
    "DEEMED_RECEIPTS", "JUDGING", "READING_SOURCES", "ActualReceipt", "Channel", "ConvenienceClause", "DeadlineStep", "DeemedDay",
    "DeemedReceipt", "EffectiveOn", "GivenNotice", "JudgedNotice", "LateNotice", "NoticeClause", "NoticeDeadline", "NoticeEnding",
    "NoticeFacts", "NoticeOutcome", "NoticeStage", "ReadDeadline", "Reading", "ReceiptStep", "SendBefore", "ToEndOf", "WhyCounted",
    "WhyMoved", "counts_on", "deemed_received", "ending", "judged", "notice_deadline", "open_until", "receive_by", "receive_by_for",
    "sent_before",
]  # fmt: skip

"""Notice: until when it has to be said that a contract shall not go on, and whether it was said in time.

`model.py` is what a contract says, `deadline.py` the days and instants that follow from it, `receipt.py` when something that
was sent counts as there. `judged.py` decides on a notice that was given. Read `model.py` first.
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
    DeemedReceipt,
    EffectiveOn,
    GivenNotice,
    LateNotice,
    NoticeClause,
    Reading,
)
from prmcore.contracts.notice.receipt import DeemedDay, ReceiptStep, WhyMoved, deemed_received, sent_before

__all__ = [
    "DEEMED_RECEIPTS", "JUDGING", "READING_SOURCES", "ActualReceipt", "Channel", "DeadlineStep", "DeemedDay", "DeemedReceipt", "EffectiveOn",
    "GivenNotice", "JudgedNotice", "LateNotice", "NoticeClause", "NoticeDeadline", "NoticeFacts", "NoticeOutcome", "ReadDeadline",
    "Reading", "ReceiptStep", "SendBefore", "WhyCounted", "WhyMoved", "counts_on", "deemed_received", "judged", "notice_deadline",
    "open_until", "receive_by", "sent_before",
]  # fmt: skip

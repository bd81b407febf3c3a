"""The graph's declared shape: every node type, its table, its columns, its relationships.

This file is the only place where a type is declared. From it are generated the statements in
``cypher/schema/`` (constraints, indexes, load, delete), the columns of the native package and
the model documentation. See DESIGN section 3 for the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "integer", "number", "boolean", "date", "moment", "list"]
"""``moment`` is a date or a datetime as written at the source. Stored under its name as a UTC
datetime (absent when only the date is known), under ``<name>_on`` as the local date, and under
``<name>_offset`` as minutes east of UTC. ``list`` is text separated by ``;`` or ``；``."""

CASE = "case:"
"""Before the name of a column of a profile that belongs to the case, not to an event."""
RULEBOOK = "rulebook"
"""Source of every node that comes from the rulebook (its key is ``rulebook/<code>``)."""


@dataclass(frozen=True)
class Column:
    """One column of a table and the node property of the same name.

    ``personal`` columns never reach the graph. ``pseudonym`` columns are replaced by a keyed
    pseudonym. ``secrecy`` marks the column that is checked for 绝密, 机密, 秘密.
    ``claim`` marks what a source asserts about a state that anguan derives itself.
    """

    name: str
    type: ColumnType
    zh: str
    en: str
    required: bool = False
    personal: bool = False
    pseudonym: bool = False
    secrecy: bool = False
    claim: bool = False
    indexed: bool = False


@dataclass(frozen=True)
class Reference:
    """A column that holds the id of another node, and the relationship made from it.

    ``inward`` turns the arrow: ``(target)-[type]->(this)``. ``many`` lets the column hold several
    ids (a list). A reference to a rulebook type resolves in the source's own namespace first
    (a foreign activity), then in the rulebook.
    """

    column: str
    type: str
    target: str
    zh: str
    en: str
    required: bool = False
    inward: bool = False
    many: bool = False


@dataclass(frozen=True)
class NodeType:
    """A node label: its package table (``None`` when no table loads it), id column and columns.

    ``known`` names the moment columns that say when a row came to be known, first present one
    wins; it becomes the property ``known`` (UTC) that ``as_of`` is compared with.
    ``derived_id``: a row without an id gets one from its content and ordinal.
    """

    label: str
    table: str | None
    id: str
    zh: str
    en: str
    columns: tuple[Column, ...] = ()
    references: tuple[Reference, ...] = ()
    known: tuple[str, ...] = ()
    derived_id: bool = False
    bookkeeping: bool = False
    open_columns: bool = field(default=False)
    """Further columns named ``attr_<name>`` are accepted (attributes of foreign logs)."""
    noted: tuple[str, ...] = ()
    """Bookkeeping properties that are noted on a node, and that a change of its row leaves."""

    def column(self, name: str) -> Column | None:
        """The declared column of that name."""
        return next((c for c in self.columns if c.name == name), None)


@dataclass(frozen=True)
class DerivedRelationship:
    """A relationship that no column declares: made from the order or the state of what is there."""

    type: str
    start: str
    end: str
    zh: str
    en: str


def _c(name: str, type_: ColumnType, zh: str, en: str, **flags: bool) -> Column:
    return Column(name, type_, zh, en, **flags)


def _r(column: str, type_: str, target: str, zh: str, en: str, **flags: bool) -> Reference:
    return Reference(column, type_, target, zh, en, **flags)


EVIDENCE: tuple[Column, ...] = tuple(
    _c(name, "list" if name in {"cases", "corrections", "cited_documents"} else "text", zh, en)
    for name, zh, en in (
        ("problem", "问题", "id of the problem"),
        ("case", "案件", "id of the case"),
        ("node", "节点", "code of the procedural node"),
        ("review", "评查", "id of the review"),
        ("review_or_campaign", "评查或专项", "id of the review or campaign"),
        ("correction", "纠正", "id of the correction"),
        ("corrections", "整改", "ids of the corrections"),
        ("alert", "预警", "id of the alert"),
        ("indicator_value", "指标值", "id of the indicator value"),
        ("indicator_value_or_alert", "指标值或预警", "id of the indicator value or alert"),
        ("cases", "案件清单", "ids of the cases"),
        ("mapping", "映射", "id of the mapping"),
        ("monitoring_rule", "监控规则", "id of the monitoring rule"),
        ("closure_event", "结案事件", "id of the event that closed the case"),
        ("cited_documents", "引用文书", "ids of the documents cited"),
        ("rule_or_none", "规则或无", "code of the rule that was compared, or 无 / none"),
        ("what_was_seen", "所见", "what was seen"),
        ("what_is_doubted", "疑点", "what is doubted: fact, evidence, law, sentence, other"),
        ("basis", "依据", "legal basis"),
        ("reason", "理由", "reason"),
        ("receipt", "回执", "receipt"),
        ("result", "结果", "result"),
        (
            "changed_field_or_document_or_reason",
            "改动字段、文书或理由",
            "the field or document changed, or why none",
        ),
        ("review_kind", "评查种类", "kind of review"),
        ("result_category", "结果类别", "result category"),
        ("feedback", "反馈", "feedback"),
        ("lesson_r2", "对流程监控的提示", "lesson for monitoring: yes or no"),
        ("lesson_r6", "对分析研判的提示", "lesson for analysis: yes or no"),
        ("match", "比对结果", "fired, silent, or no rule"),
        ("candidate_or_reason", "规则建议或理由", "candidate rule, or why none"),
        ("decision", "决定", "decision"),
        ("department_opinion", "办案部门意见", "opinion of the handling department"),
        ("items", "纠正事项", "items to correct"),
        ("root_cause", "根因", "未做, 做了未录, 录错, 线下做 or 规则误报"),
        ("form", "形式", "oral prompt, notice, or notice with report"),
        ("item_answers", "逐项回复", "answers item by item"),
        ("field_change_or_reason", "字段变化或理由", "the field change seen, or why none"),
        ("document_or_reason", "文书或理由", "the document seen, or why none"),
        ("basis_or_management_only", "依据或仅限管理", "legal basis, or management only"),
        ("backtest", "回测", "back-test report"),
        ("hits", "命中", "hits of the trial"),
        ("dispositions", "处置", "dispositions of the hits"),
        ("scope", "范围", "scope of the special review"),
        ("start_standard", "启动标准", "E, B, C, X or O"),
        ("frame", "抽样框", "sampling frame"),
        ("seed", "种子", "seed of the sample"),
        ("controls", "对照", "control cases"),
        ("objections", "异议", "objections heard"),
        ("report", "报告", "report"),
        ("effect_check", "效果评估", "effect check"),
        ("annotation", "标注", "real, data, or one batch"),
        ("report_or_reason", "报告或理由", "report it was used in, or why not"),
        ("review_date", "复看日期", "date of the next look"),
    )
)
"""The evidence that a step of a lead may carry; the names are those of the route table."""

NODE_TYPES: tuple[NodeType, ...] = (
    NodeType(
        "Unit",
        "units",
        "unit",
        "检察院",
        "Procuratorate",
        (
            _c("name", "text", "名称", "name"),
            _c("level", "text", "层级", "SUPREME, PROVINCIAL, MUNICIPAL or BASIC"),
        ),
        (_r("parent", "SUBORDINATE_TO", "Unit", "上级院", "higher procuratorate"),),
    ),
    NodeType(
        "Department",
        "departments",
        "department",
        "部门",
        "Department",
        (
            _c("name", "text", "名称", "name"),
            _c("kind", "text", "类别", "CASE_MGMT, HANDLING, INSPECTION or OTHER"),
        ),
        (_r("unit", "IN", "Unit", "所属检察院", "procuratorate it belongs to"),),
    ),
    NodeType(
        "Person",
        "persons",
        "person",
        "人员",
        "Member of staff",
        (
            _c("name", "text", "姓名", "name", personal=True),
            _c("role", "text", "角色", "PROSECUTOR, MONITOR, REVIEWER, ANALYST, HEAD, CHIEF …"),
        ),
        (_r("department", "MEMBER_OF", "Department", "所在部门", "department"),),
    ),
    NodeType(
        "Matter",
        "matters",
        "matter",
        "案（同一事实）",
        "Matter: one set of facts in the world",
        (_c("title", "text", "名称", "title without names"),),
    ),
    NodeType(
        "Case",
        "cases",
        "case",
        "件（系统案件）",
        "Case: one numbered file in the system",
        (
            _c("type", "text", "案件类型", "case group code, such as AR, PR, CP", indexed=True),
            _c("accepted", "moment", "受理日期", "accepted"),
            _c("closed", "date", "审结日期", "closed"),
            _c("cause", "text", "案由", "cause of action"),
            _c("outcome", "text", "审结情形", "outcome as recorded"),
            _c("secrecy", "text", "密级", "secrecy mark", secrecy=True),
        ),
        (
            _r("matter", "PART_OF", "Matter", "所属案", "matter"),
            _r("unit", "HANDLED_AT", "Unit", "承办院", "procuratorate that handles it"),
            _r("department", "HANDLED_IN", "Department", "承办部门", "handling department"),
            _r("handler", "HANDLED_BY", "Person", "承办人", "handler"),
            _r("follows", "FOLLOWS", "Case", "前案", "case it follows"),
        ),
        known=("accepted",),
        open_columns=True,
        noted=("_next", "_tally"),
    ),
    NodeType(
        "Party",
        "parties",
        "party",
        "涉案人员（案中人）",
        "Party: a person in a case",
        (
            _c("name", "text", "姓名", "name", personal=True),
            _c("identity", "text", "身份号码", "identity number", pseudonym=True),
            _c("status", "text", "身份", "SUSPECT, DEFENDANT, PETITIONER …"),
            _c("minor", "boolean", "未成年", "minor"),
        ),
        (_r("case", "HAS_PARTY", "Case", "案件", "case", required=True, inward=True),),
    ),
    NodeType(
        "Charge",
        "charges",
        "charge",
        "罪名",
        "Charge against a party",
        (
            _c("code", "text", "罪名代码", "code", indexed=True),
            _c("name", "text", "罪名", "name of the charge"),
            _c("stage", "text", "阶段", "TRANSFER, ARREST, PROSECUTION or JUDGMENT"),
        ),
        (_r("party", "CHARGED_WITH", "Party", "涉案人员", "party", required=True, inward=True),),
    ),
    NodeType(
        "Measure",
        "measures",
        "measure",
        "强制措施",
        "Coercive measure",
        (
            _c("kind", "text", "种类", "ARREST, DETENTION, BAIL, RESIDENTIAL …", required=True),
            _c("from", "date", "起", "from", required=True),
            _c("to", "date", "止", "to"),
            _c("decided_by", "text", "决定机关", "PROCURATORATE, POLICE, COURT or SUPERVISION"),
        ),
        (_r("party", "UNDER", "Party", "涉案人员", "party", required=True, inward=True),),
    ),
    NodeType(
        "Event",
        "events",
        "event",
        "节点事件",
        "Event at a procedural node",
        (
            _c("occurred", "moment", "发生时间", "when it happened", required=True),
            _c("recorded", "moment", "录入时间", "when it was recorded"),
            _c("outcome", "text", "结果", "outcome, such as ARREST or NON_PROSECUTION"),
        ),
        (
            _r("case", "OF", "Case", "案件", "case", required=True),
            _r("node", "AT", "ProcessNode", "节点", "procedural node", required=True),
            _r("person", "BY", "Person", "办理人", "who did it"),
            _r("department", "DONE_IN", "Department", "办理部门", "department that did it"),
            _r("party", "CONCERNS", "Party", "涉案人员", "party concerned; none: all of the case"),
        ),
        known=("recorded", "occurred"),
        derived_id=True,
        open_columns=True,
    ),
    NodeType(
        "Document",
        "documents",
        "document",
        "法律文书",
        "Legal document",
        (
            _c("template", "text", "文书种类", "template"),
            _c("signed", "date", "签发日期", "signed"),
            _c("served", "date", "送达日期", "served"),
        ),
        (
            _r("case", "OF", "Case", "案件", "case", required=True),
            _r("event", "EVIDENCED_BY", "Event", "所证事件", "event it proves", inward=True),
        ),
    ),
    NodeType(
        "FieldValue",
        "card_fields",
        "field_value",
        "案卡项目",
        "Card field as entered",
        (
            _c("field", "text", "项目", "field name", required=True),
            _c("value", "text", "值", "value"),
            _c("entered", "moment", "填录时间", "entered"),
            _c("basis", "text", "修改依据", "basis of a later change"),
            _c("approved_by", "text", "修改审批", "who approved a later change (role)"),
        ),
        (
            _r("case", "ON", "Case", "案件", "case (案卡)", required=True),
            _r("party", "ON", "Party", "涉案人员", "party (人卡)"),
            _r("entered_by", "ENTERED_BY", "Person", "填录人", "who entered it"),
        ),
        known=("entered",),
    ),
    NodeType(
        "Problem",
        "problems",
        "problem",
        "问题",
        "Problem (finding)",
        (
            _c("found", "moment", "发现时间", "found", required=True),
            _c("found_by", "text", "发现的监督", "PROCEDURAL, SUBSTANTIVE or DATA supervision"),
            _c("description", "text", "情况", "what was found, without names"),
            _c("values", "text", "所据数值", "the values that show it, as JSON"),
            _c("basis", "text", "依据", "law, version and article"),
            _c("rulebook", "text", "规则库版本", "version of the rulebook that found it"),
            _c("closed", "moment", "消除时间", "when its ground was found gone"),
            _c("closed_reason", "text", "消除原因", "why its ground is gone"),
            _c("state", "text", "来源所称状态", "state as the source claims it", claim=True),
        ),
        (
            _r("type", "OF_TYPE", "ProblemType", "问题类型", "problem type", required=True),
            _r("case", "FOUND_IN", "Case", "案件", "case", required=True),
            _r("node", "LOCATED_AT", "ProcessNode", "节点", "procedural node"),
            _r("event", "ABOUT", "Event", "事件", "event it is about"),
            _r("document", "ABOUT", "Document", "文书", "document it is about"),
            _r("party", "CONCERNS", "Party", "涉案人员", "party concerned"),
            _r("raised_by_rule", "RAISED_BY", "DataRule", "数据规则", "data rules", many=True),
            _r("raised_by_limit", "RAISED_BY", "TimeLimit", "期限、关口", "time limits", many=True),
            _r(
                "raised_by_monitoring", "RAISED_BY", "MonitoringRule", "监控规则", "monitoring rule"
            ),
            _r(
                "raised_by_deadline",
                "RAISED_BY",
                "DeadlineRule",
                "期限规则",
                "deadline rules",
                many=True,
            ),
            _r("raised_by_review", "RAISED_BY", "Review", "评查", "review"),
            _r("raised_by_alert", "RAISED_BY", "Alert", "预警", "alert"),
            _r("raised_by_person", "RAISED_BY", "Person", "发现人", "person"),
        ),
        known=("found",),
    ),
    NodeType(
        "Disposition",
        "dispositions",
        "disposition",
        "处置",
        "What a person decided on a problem",
        (
            _c(
                "status",
                "text",
                "处置结论",
                "CONFIRMED, NOT_A_PROBLEM, DATA_ERROR or RULE_FALSE",
                required=True,
            ),
            _c("at", "moment", "时间", "when", required=True),
            _c("reason", "text", "理由", "why"),
            _c("by", "text", "处置人", "who decided, as entered"),
            _c("entered", "moment", "录入时间", "when it was entered through anguan"),
            _c("values", "text", "所据数值", "the values that the problem showed then, as JSON"),
        ),
        (
            _r("problem", "DISPOSED_AS", "Problem", "问题", "problem", required=True, inward=True),
            _r("person", "BY", "Person", "处置人", "who decided"),
        ),
        known=("at",),
        derived_id=True,
    ),
    NodeType(
        "Lead",
        "leads",
        "lead",
        "线索",
        "Lead",
        (
            _c("route", "text", "路线", "R1 to R6", required=True, indexed=True),
            _c("state", "text", "来源所称状态", "state as the source claims it", claim=True),
        ),
        (
            _r("case", "ABOUT", "Case", "案件", "case it is about"),
            _r("unit", "RAISED_AT", "Unit", "检察院", "procuratorate"),
            _r("problem", "GAVE_RISE_TO", "Problem", "问题", "origin: problem", inward=True),
            _r("review", "GAVE_RISE_TO", "Review", "评查", "origin: review", inward=True),
            _r("alert", "GAVE_RISE_TO", "Alert", "预警", "origin: alert", inward=True),
            _r("pattern", "GAVE_RISE_TO", "Pattern", "模式", "origin: pattern", inward=True),
            _r("request", "GAVE_RISE_TO", "Request", "请求", "origin: request", inward=True),
        ),
    ),
    NodeType(
        "Step",
        "lead_steps",
        "step",
        "线索步骤",
        "Step of a lead",
        (
            _c("act", "text", "行为", "act of the route table", required=True),
            _c("at", "moment", "时间", "when", required=True),
            _c("mode", "text", "方式", "mode, such as lead sheet or receipt"),
            *EVIDENCE,
        ),
        (
            _r("lead", "HAS_STEP", "Lead", "线索", "lead", required=True, inward=True),
            _r("by", "BY", "Person", "经办人", "who did it"),
        ),
        known=("at",),
        derived_id=True,
    ),
    NodeType(
        "Campaign",
        "campaigns",
        "campaign",
        "专项评查活动",
        "Review campaign",
        (
            _c("kind", "text", "种类", "ROUTINE, KEY or SPECIAL"),
            _c("title", "text", "名称", "title"),
            _c("started", "date", "启动日期", "started"),
        ),
        (
            _r("unit", "HELD_AT", "Unit", "检察院", "procuratorate"),
            _r("annotates", "ANNOTATES", "IndicatorValue", "标注指标值", "indicator value noted"),
        ),
    ),
    NodeType(
        "Review",
        "reviews",
        "review",
        "质量评查",
        "Quality review of a case",
        (
            _c("kind", "text", "种类", "ROUTINE, KEY or SPECIAL"),
            _c("opened", "date", "启动日期", "opened"),
            _c("finished", "date", "结束日期", "result final"),
            _c("result_category", "text", "结果类别", "result category"),
            _c("grade", "text", "等次", "grade under its scale"),
            _c("grade_scale", "text", "等次版本", "version of the grade scale"),
        ),
        (
            _r("case", "OF", "Case", "案件", "case", required=True),
            _r("lead", "OPENED", "Lead", "由线索启动", "lead that opened it", inward=True),
            _r("campaign", "IN", "Campaign", "专项活动", "campaign"),
            _r("reviewer", "BY", "Person", "评查人", "reviewer"),
            _r("annotates", "ANNOTATES", "IndicatorValue", "标注指标值", "indicator value noted"),
        ),
    ),
    NodeType(
        "Correction",
        "corrections",
        "correction",
        "纠正",
        "Correction order",
        (
            _c("form", "text", "形式", "ORAL, NOTICE or NOTICE_AND_REPORT"),
            _c("root_cause", "text", "根因", "未做, 做了未录, 录错, 线下做 or 规则误报"),
            _c("issued", "date", "发出日期", "issued"),
            _c("closed", "date", "办结日期", "closed"),
        ),
        (
            _r("problems", "CORRECTS", "Problem", "问题", "problems it corrects", many=True),
            _r("lead", "OPENED", "Lead", "由线索启动", "lead that opened it", inward=True),
            _r("department", "ADDRESSED_TO", "Department", "受文部门", "department addressed"),
        ),
    ),
    NodeType(
        "Notice",
        "notices",
        "notice",
        "流程监控通知书",
        "Process-monitoring notice",
        (
            _c("form", "text", "形式", "ORAL, NOTICE or NOTICE_AND_REPORT"),
            _c("issued", "date", "发出日期", "issued"),
        ),
        (
            _r("correction", "ISSUED_AS", "Correction", "纠正", "correction", inward=True),
            _r("department", "ADDRESSED_TO", "Department", "受文部门", "department addressed"),
        ),
    ),
    NodeType(
        "Reply",
        "replies",
        "reply",
        "回复",
        "Reply of the handling department",
        (
            _c("at", "date", "回复日期", "when"),
            _c("result", "text", "结果", "result"),
        ),
        (_r("notice", "ANSWERS", "Notice", "通知书", "notice answered", required=True),),
    ),
    NodeType(
        "Participant",
        "participants",
        "participant",
        "诉讼参与人",
        "Participant in a case",
        (_c("kind", "text", "种类", "DEFENDER, DUTY_LAWYER, VICTIM …"),),
        (_r("case", "TAKES_PART_IN", "Case", "案件", "case", required=True),),
    ),
    NodeType(
        "Request",
        "requests",
        "request",
        "申请",
        "Request of a participant",
        (
            _c("kind", "text", "种类", "kind"),
            _c("made", "date", "提出日期", "made"),
            _c("answered", "date", "答复日期", "answered"),
        ),
        (
            _r("participant", "MADE", "Participant", "参与人", "who made it", inward=True),
            _r("case", "MADE_IN", "Case", "案件", "case", required=True),
        ),
    ),
    NodeType(
        "Property",
        "properties",
        "property",
        "涉案财物",
        "Case-related property",
        (_c("kind", "text", "种类", "kind"),),
        (_r("case", "SEIZED_IN", "Case", "案件", "case", required=True),),
    ),
    NodeType(
        "PropertyMovement",
        "property_movements",
        "movement",
        "财物流转",
        "Property movement",
        (
            _c("kind", "text", "种类", "kind"),
            _c("at", "moment", "时间", "when", required=True),
        ),
        (_r("property", "MOVED", "Property", "财物", "property", required=True),),
        known=("at",),
    ),
    NodeType(
        "IndicatorValue",
        "indicator_values",
        "indicator_value",
        "指标值",
        "Indicator value",
        (
            _c("period", "text", "期间", "period, such as 2024Q1"),
            _c("numerator", "integer", "分子", "numerator"),
            _c("denominator", "integer", "分母", "denominator"),
        ),
        (
            _r("indicator", "OF", "Indicator", "指标", "indicator", required=True),
            _r("unit", "FOR", "Unit", "检察院", "procuratorate"),
        ),
    ),
    NodeType(
        "Alert",
        "alerts",
        "alert",
        "预警",
        "Alert",
        (
            _c("style", "text", "启动标准", "E, B, C, X or O"),
            _c("raised", "moment", "时间", "when", required=True),
        ),
        (_r("indicator_value", "SIGNALS", "IndicatorValue", "指标值", "indicator value"),),
        known=("raised",),
    ),
    NodeType(
        "MonitoringRule",
        "monitoring_rules",
        "monitoring_rule",
        "监控规则",
        "Monitoring rule",
        (
            _c("title", "text", "名称", "title"),
            _c("status", "text", "状态", "status"),
            _c("valid_from", "date", "生效日期", "in force from"),
        ),
        (_r("node", "WATCHES", "ProcessNode", "节点", "procedural node watched"),),
    ),
    NodeType(
        "Mapping",
        "mappings",
        "mapping",
        "指标—节点映射",
        "Indicator-to-node mapping",
        (
            _c("state", "text", "状态", "CURATED, CANDIDATE, TESTED … SOLIDIFIED, RETIRED"),
            _c("basis", "text", "依据", "basis"),
        ),
        (
            _r("indicator", "MAPS", "Indicator", "指标", "indicator", required=True),
            _r("node", "POINTS_AT", "ProcessNode", "节点", "procedural node", required=True),
            _r("monitoring_rule", "REALISED_AS", "MonitoringRule", "监控规则", "rule made of it"),
        ),
    ),
    NodeType(
        "Pattern",
        "patterns",
        "pattern",
        "倾向性问题",
        "Recurring problem pattern",
        (_c("title", "text", "名称", "title"),),
        (
            _r("type", "OF_TYPE", "ProblemType", "问题类型", "problem type"),
            _r("node", "LOCATED_AT", "ProcessNode", "节点", "procedural node"),
            _r(
                "problems",
                "INSTANCE_OF",
                "Problem",
                "问题",
                "problems of it",
                inward=True,
                many=True,
            ),
        ),
    ),
    NodeType(
        "ProcessNode",
        "process_nodes",
        "node",
        "程序性节点",
        "Procedural node",
        (
            _c("case_group", "text", "案件类别", "case group code, such as AR, PR"),
            _c("seq", "integer", "顺序", "order within the group"),
            _c("zh", "text", "中文名", "Chinese name"),
            _c("en", "text", "英文名", "English name"),
            _c("conditional", "boolean", "有条件", "taken only under a condition; never missed"),
            _c("decision", "boolean", "决定", "its acts are outcomes of one passage"),
        ),
    ),
    NodeType(
        "ProblemType",
        None,
        "type",
        "问题类型",
        "Problem type",
        (
            _c("kind", "text", "监督种类", "PROCEDURAL, SUBSTANTIVE or DATA"),
            _c("zh", "text", "中文名", "Chinese name"),
            _c("en", "text", "英文名", "English name"),
            _c("severity", "integer", "严重程度", "1 to 3"),
        ),
    ),
    NodeType(
        "Indicator",
        None,
        "indicator",
        "指标",
        "Indicator",
        (
            _c("zh", "text", "中文名", "Chinese name"),
            _c("en", "text", "英文名", "English name"),
            _c("unit", "text", "计数单位", "what is counted"),
        ),
    ),
    NodeType(
        "DataRule",
        None,
        "rule",
        "数据规则",
        "Data rule",
        (
            _c("zh", "text", "中文名", "Chinese name"),
            _c("en", "text", "英文名", "English name"),
            _c("status", "text", "状态", "confirmed or unconfirmed"),
        ),
        (
            _r("type", "FINDS", "ProblemType", "问题类型", "problem type it finds"),
            _r("nodes", "WATCHES", "ProcessNode", "节点", "nodes watched", many=True),
            _r("articles", "BASED_ON", "LegalArticle", "依据", "articles", many=True),
        ),
    ),
    NodeType(
        "LegalArticle",
        None,
        "article",
        "法条",
        "Article of a version of a law",
        (
            _c("zh", "text", "法源", "law in Chinese"),
            _c("en", "text", "法源英文", "law in English"),
            _c("version", "text", "版本", "version of the law"),
            _c("article", "integer", "条", "number of the article"),
            _c("in_force", "date", "施行日期", "in force from"),
        ),
    ),
    NodeType(
        "TimeLimit",
        None,
        "limit",
        "期限、关口",
        "Time limit or gate of the rulebook",
        (
            _c("zh", "text", "中文名", "Chinese name"),
            _c("en", "text", "英文名", "English name"),
            _c("kind", "text", "种类", "OWN, EXT, GATE or CALC"),
            _c("limit", "text", "期限", "the limit in words"),
            _c("status", "text", "状态", "confirmed or unconfirmed, by its marks"),
            _c("valid_from", "date", "生效日期", "in force from"),
        ),
        (
            _r("type", "FINDS", "ProblemType", "问题类型", "problem type it finds"),
            _r("nodes", "WATCHES", "ProcessNode", "节点", "nodes watched", many=True),
            _r("articles", "BASED_ON", "LegalArticle", "依据", "articles", many=True),
        ),
    ),
    NodeType(
        "Clock",
        None,
        "clock",
        "期限时钟",
        "Clock: one round of a time limit on a case or party",
        (
            _c("rule", "text", "规则", "code of the time limit"),
            _c("kind", "text", "种类", "OWN or EXT"),
            _c("status", "text", "结果", "MET, LATE, RUNNING or UNKNOWN"),
            _c("overdue", "boolean", "已逾期", "running, and past its due date"),
            _c("provisional", "boolean", "暂定", "due in a year without a holiday table"),
            _c("round", "integer", "轮次", "round, from 1"),
            _c("start", "moment", "起算", "start"),
            _c("due", "moment", "届满", "due"),
            _c("ended", "moment", "办结", "ended"),
            _c("rulebook", "text", "规则库版本", "version of the rulebook that computed it"),
        ),
        (
            _r("case", "RUNS_ON", "Case", "案件", "case"),
            _r("party", "RUNS_ON", "Party", "涉案人员", "party, where it is that party's"),
            _r("limit", "GOVERNED_BY", "TimeLimit", "期限", "time limit"),
        ),
    ),
    NodeType(
        "DeadlineRule",
        None,
        "rule",
        "期限规则",
        "Deadline rule of a profile",
        (
            _c("zh", "text", "中文名", "Chinese title"),
            _c("en", "text", "英文名", "English title"),
            _c("definition", "text", "定义", "the rule as JSON, as its profile states it"),
        ),
    ),
    NodeType(
        "Outcome",
        None,
        "outcome",
        "结局",
        "Named outcome of a profile",
        (
            _c("zh", "text", "中文名", "Chinese title"),
            _c("en", "text", "英文名", "English title"),
            _c("definition", "text", "定义", "the outcome as JSON, as its profile states it"),
        ),
    ),
    NodeType(
        "Batch",
        None,
        "batch",
        "批次",
        "Batch of loaded rows",
        (
            _c("state", "text", "状态", "RUNNING or DONE"),
            _c("report", "text", "报告", "the load's report as JSON"),
            _c("undoes", "text", "撤销的批次", "the batch that this one takes back"),
            _c("undone", "text", "被撤销", "the batch that took this one back"),
        ),
        bookkeeping=True,
    ),
    NodeType(
        "FormerRow",
        None,
        "former",
        "旧值",
        "Former values of a row that a later batch changed",
        (
            _c("label", "text", "标签", "label of the node"),
            _c("node_key", "text", "键", "key of the node", indexed=True),
            _c("values", "text", "旧值", "the former properties as JSON"),
        ),
        bookkeeping=True,
    ),
    NodeType(
        "PendingReference",
        None,
        "pending",
        "待补关系",
        "Reference of a loaded row whose target is not there yet",
        (
            _c("label", "text", "标签", "label of the node that names"),
            _c("node_key", "text", "键", "key of the node that names", indexed=True),
            _c("column", "text", "列", "column in which it names"),
            _c("wanted", "text", "所缺", "label/key of the node named", indexed=True),
        ),
        bookkeeping=True,
    ),
    NodeType(
        "Store",
        None,
        "store",
        "库",
        "Facts about this store",
        (_c("facts", "text", "信息", "facts as JSON: rulebook version, synthetic or real"),),
        bookkeeping=True,
    ),
)

DERIVED: tuple[DerivedRelationship, ...] = (
    DerivedRelationship("NEXT", "Event", "Event", "下一事件", "next event of the case"),
    DerivedRelationship("NEXT", "Step", "Step", "下一步骤", "next step of the lead"),
)

BY_LABEL: dict[str, NodeType] = {t.label: t for t in NODE_TYPES}
BY_TABLE: dict[str, NodeType] = {t.table: t for t in NODE_TYPES if t.table}


def loading_order() -> Iterator[NodeType]:
    """Types that have a table, each after every type that its references need.

    References inside one table (a unit's parent, a case that follows) and the few that point
    back are written after the nodes of all tables are there.
    """
    done: set[str] = {t.label for t in NODE_TYPES if not t.table}
    waiting = [t for t in NODE_TYPES if t.table]
    while waiting:
        ready = [
            t
            for t in waiting
            if all(r.target in done or r.target == t.label for r in t.references if r.required)
        ]
        for node_type in ready:
            yield node_type
            done.add(node_type.label)
        waiting = [t for t in waiting if t not in ready]


def property_name(column: str) -> str:
    """The name under which a profile's column is stored, after ``attr_``."""
    return re.sub(r"\W+", "_", column.removeprefix(CASE)).strip("_") or "value"

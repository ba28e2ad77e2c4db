"""The words by which a column of a foreign file is recognised, in the languages of those who export.

Belongs here: words only; a new export teaches new words here. Does not belong here: deciding anything.

Words are written as `plain` leaves them: lower case, without blanks, signs and remarks in brackets. The first word
that fits wins, so the more certain ones come first.
"""

from __future__ import annotations

import re
import unicodedata

_REMARK = re.compile(r"[(\[【].*?[)\]】]")

_OWNER = """ownerid ownername opportunityowner dealowner owner salesagent salesrep salesperson salesman rep
assignedto accountexecutive accountmanager seller 负责人编号 负责人 销售负责人 商机负责人 商机所有人 所有人
销售人员 销售代表 销售员 销售 业务员 跟进人 归属人 客户经理 签单人 owner_employee_id
commercial vendeur propriétaire responsable vendedor besitzer verkäufer vertriebsmitarbeiter zuständig betreuer
außendienst venditore agente comercial 担当者 営業担当 担当"""
_CUSTOMER = """accountid customerid clientid companyid associatedcompanyids 客户编号 客户id accountname
customername companyname clientname organization organisation account customer client company buyer
客户名称 公司名称 单位名称 客户 公司 甲方 购买方 店铺 购货单位
kunde kundenname kundennummer firma unternehmen société entreprise cliente empresa azienda 顧客名 会社名 顧客"""

VOCABULARY: dict[str, dict[str, str]] = {
    "deals": {
        "deal_id": """opportunityid dealid orderid recordid opportunitynumber ordernumber orderno dealno
            contractno 商机编号 商机id 订单编号 订单号 合同编号 合同号 单号 编号 id no number
            单据编号 单据号 auftragsnummer vorgangsnummer auftragsnr vorgangsnr vorgang identifiant référence numéro
            número numero 案件番号 受注番号 商談番号
            opportunityname dealname 商机名称 合同名称 订单名称""",
        "customer_id": _CUSTOMER,
        "owner_employee_id": _OWNER,
        "amount": """amount closevalue dealvalue dealamount wonamount contractvalue totalamount ordertotal
            value revenue total sales price 成交金额 签约金额 合同金额 订单金额 商机金额 合同额 成交额
            价税合计 含税金额 应收金额 实付金额 auftragswert auftragssumme umsatz betrag montant importe valor importo
            受注金額 売上金額 金額
            销售额 销售金额 金额 总价 总额 预计金额""",
        "currency": "currency currencycode amountcurrency 币种 货币 货币类型 währung devise moneda valuta 通貨",
        "signed_at": """signedat signeddate wontime wondate wonat wonon dealwontime closedwondate actualclosedate
            dealclosedat closedate dateclosed closedat closedtime
            contractdate orderdate purchasedate closed date 签约日期 签约时间 签单日期 成交日期 成交时间
            实际成交日期 实际签约日期 赢单日期 赢单时间 结单日期 合同日期 下单时间 订单日期 关闭日期 关单日期 结束日期
            日期
            gewonnenam abschlussdatum auftragsdatum datedesignature datedeclôture fechadecierre datadichiusura
            受注日 成約日 datum fecha data
            预计成交日期 expectedclosedate""",
        "status": """stage dealstage opportunitystage salesstage stagename status dealstatus orderstatus
            pipelinestage 单据状态 审核状态 phase verkaufsphase statut étape estado etapa stato fase 進捗 ステータス
            商机阶段 销售阶段 阶段 商机状态 订单状态 赢单状态 状态 结果""",
        "units": "quantity units qty 销售数量 数量 台数 件数",
        "product": "productname product sku item 产品名称 产品 商品 商品名称 型号",
    },
    "transactions": {
        "transaction_id": """transactionid paymentid invoiceid paymentno invoiceno receiptno 流水编号
            流水号 回款编号 回款单号 收款单号 发票号 id""",
        "deal_id": "opportunityid dealid orderid orderno contractno 商机编号 订单编号 订单号 合同编号 合同号",
        "amount": """paymentamount paidamount amountpaid invoiceamount amount 回款金额 收款金额 实收金额
            到账金额 开票金额 金额""",
        "currency": "currency currencycode 币种 货币 währung devise moneda valuta 通貨",
        "occurred_at": """paymentdate paidat paidon datepaid receivedon invoicedate 回款日期 回款时间
            收款日期 到账日期 到账时间 开票日期""",
    },
    "customers": {
        "customer_id": _CUSTOMER,
        "name": """accountname customername companyname clientname name account customer company client
            客户名称 公司名称 单位名称 企业名称 客户 公司 名称 kundenname firma kunde raisonsociale société""",
        "customer_type": "industry sector customertype accounttype segment type 行业 所属行业 客户类型 客户分类 类型",
        "unified_credit_code": "unifiedcreditcode creditcode taxid 统一社会信用代码 信用代码 税号 纳税人识别号",
        "phone": "phone mobile telephone phonenumber 电话 手机 手机号 联系电话 电话号码",
        "contact_name": "contactname contact contactperson 联系人 联系人姓名",
        "email": "email mail emailaddress 邮箱 电子邮箱 邮件",
        "owner_employee_id": _OWNER,
        "created_at": "createdat createddate createdate creationdate created 创建时间 创建日期 建档日期 录入时间",
    },
    "employees": {
        "employee_id": """employeeid staffid userid employeeno 员工编号 工号 员工号 账号 email salesagent
            salesrep salesperson agent rep personalnummer personalnr matricule 社員番号 employeename fullname name
            姓名 员工姓名 销售 销售员""",
        "name": """employeename fullname name salesagent salesrep salesperson agent rep username 姓名
            员工姓名 名字 销售员 销售 mitarbeiter nomcomplet nom nombre 氏名""",
        "email": "email mail workemail 邮箱 工作邮箱",
        "department": "department dept division 部门 所属部门 abteilung bereich service département departamento 部署",
        "position": "position title jobtitle role 岗位 职位 职务",
        "team_id": """team teamid teamname manager supervisor group 团队 小组 团队名称 主管 经理 上级 直属上级
            équipe equipo""",
        "hire_date": """hiredate hiredon startdate joindate dateofjoining 入职日期 入职时间 到岗日期
            eintrittsdatum eintritt dateembauche datedembauche dateentrée fechadealta 入社日""",
        "termination_date": """terminationdate leavedate enddate 离职日期 离职时间 austrittsdatum austritt
            datedesortie 退社日""",
        "bonus_base": "bonusbase 奖金基数 绩效基数",
    },
    "leads": {
        "lead_id": "leadid leadno 线索编号 线索id id",
        "company_name": "companyname company organization account 公司名称 公司 客户名称 单位名称 企业名称",
        "contact_name": "contactname fullname name contact leadname 联系人 姓名 联系人姓名 线索名称",
        "phone": "phone mobile telephone 电话 手机 手机号 联系电话",
        "email": "email mail 邮箱",
        "channel": "leadsource source channel 线索来源 来源 渠道",
        "owner_employee_id": "leadowner marketer 市场负责人 线索负责人 " + _OWNER,
        "created_at": "createdat createddate createdate created date 创建时间 创建日期 线索时间 录入时间 获取时间",
    },
}

# what a file must show to be taken for a template; one of each group
ANCHORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "deals": (("amount",), ("signed_at",), ("owner_employee_id",), ("customer_id", "deal_id")),
    "transactions": (("amount",), ("occurred_at",), ("deal_id",)),
    "leads": (("lead_id",), ("owner_employee_id",), ("created_at",)),
    "customers": (("name",), ("customer_type", "phone", "created_at", "unified_credit_code", "contact_name")),
    "employees": (("name",), ("department", "team_id", "hire_date", "position")),
}

# units of money with their factor and, where they tell it, the currency
UNITS: dict[str, tuple[int, str | None]] = {
    "¥": (1, None), "元": (1, "CNY"), "人民币": (1, "CNY"), "rmb": (1, "CNY"), "cny": (1, "CNY"),
    "$": (1, None), "us$": (1, "USD"), "usd": (1, "USD"), "€": (1, "EUR"), "eur": (1, "EUR"),
    "£": (1, "GBP"), "gbp": (1, "GBP"), "hk$": (1, "HKD"), "hkd": (1, "HKD"), "chf": (1, "CHF"), "jpy": (1, "JPY"),
    "万": (10_000, None), "万元": (10_000, "CNY"), "亿": (100_000_000, None), "亿元": (100_000_000, "CNY"),
    "₹": (1, "INR"), "inr": (1, "INR"), "rs": (1, None), "₩": (1, "KRW"), "krw": (1, "KRW"), "₽": (1, "RUB"),
    "zł": (1, "PLN"), "pln": (1, "PLN"), "kč": (1, "CZK"), "czk": (1, "CZK"), "kr": (1, None), "r$": (1, "BRL"),
    "nt$": (1, "TWD"), "s$": (1, "SGD"), "a$": (1, "AUD"), "c$": (1, "CAD"), "円": (1, "JPY"), "₫": (1, "VND"),
    "fr": (1, "CHF"), "sfr": (1, "CHF"), "ht": (1, None), "ttc": (1, None),
    "千元": (1_000, "CNY"), "k": (1_000, None), "m": (1_000_000, None),
}  # fmt: skip

# departments as plans name them, and the words that say one
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "sales_assistant": ("assistant", "backoffice", "innendienst", "助理", "内勤"),
    "marketing": ("marketing", "市场", "营销", "推广"),
    "sales": ("sales", "vertrieb", "aussendienst", "commercial", "vente", "ventas", "销售", "业务", "営業"),
}

# given name and family name in two columns
GIVEN_NAMES = ("firstname", "givenname", "forename", "vorname", "prénom", "prenom", "nombre", "nome", "名")
FAMILY_NAMES = ("lastname", "familyname", "surname", "nachname", "familienname", "nomdefamille", "nom", "apellido",
    "apellidos", "cognome", "姓")  # fmt: skip

WON = (
    "won", "win", "signed", "赢", "成交", "签约", "成单", "签单", "已签", "gewonn", "gagn", "ganad", "ganh", "vint",
    "wygran", "выигр", "受注", "成約", "수주", "beauftragt", "erteilt", "signé", "signee", "commandé", "firmad",
)  # fmt: skip
LOST = (
    "lost", "loss", "open", "cancel", "assigned", "unsigned", "void", "refund", "reject", "declin", "expire", "draft",
    "notwon", "verloren", "storn", "perd", "annul", "输单", "丢单", "未", "失败", "取消", "流失", "待", "预计", "作废",
    "废弃", "已废", "退款", "退货", "退单", "撤销", "撤回", "驳回", "拒绝", "草稿", "已关闭", "无效", "失注",
    "暂存", "审核中", "审批中", "谈判", "跟进", "报价", "商务洽谈", "初步", "需求", "angebot", "anfrage", "entwurf",
    "absage", "offer", "quote", "proposal", "negotiat", "pending", "inprogress", "qualif", "prospect", "devis",
    "encours", "brouillon", "propuesta", "pendiente", "trattativa", "見積", "商談中",
    "キャンセル",
)  # fmt: skip

# columns that say yes or no to whether a deal is won, and yes
WON_FLAGS = ("iswon", "won", "是否赢单", "是否成交", "是否签约", "赢单", "成交")
YES = ("true", "yes", "y", "1", "是", "已成交", "ja", "oui", "si")

# headers of the numbers by which a company knows its people
STAFF_NUMBERS = (
    "employeeid",
    "staffid",
    "employeeno",
    "employeenumber",
    "员工编号",
    "工号",
    "员工号",
    "userid",
    "personalnummer",
    "personalnr",
    "matricule",
    "社員番号",
)

# currencies as people write them, where an import reads codes only
CURRENCY_WORDS = {
    "美元": "USD", "美金": "USD", "us$": "USD", "欧元": "EUR", "€": "EUR", "euro": "EUR", "港币": "HKD", "港元": "HKD",
    "hk$": "HKD", "日元": "JPY", "英镑": "GBP", "£": "GBP", "人民币(cny)": "CNY",
}  # fmt: skip

DATE_FORMATS = (
    "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %p%I:%M", "%Y年%m月%d日%H:%M",
    "%Y年%m月%d日 %H:%M:%S", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y",
    "%d.%m.%Y", "%Y.%m.%d", "%d-%m-%Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
    "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y, %H:%M", "%d.%m.%y", "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%m/%d/%y %H:%M", "%d/%m/%y %H:%M",
    "%d/%m/%Y %I:%M %p", "%b %d, %Y %I:%M %p", "%d %b %Y %H:%M", "%Y.%m.%d %H:%M", "%Y%m%d %H:%M:%S",
    "%Y/%m/%d %p%I:%M", "%Y%m%d", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S%z",
    "excel-1900", "unix-seconds", "unix-milliseconds",
)  # fmt: skip


def plain(text: str) -> str:
    """A header or word without what people vary."""
    folded = _REMARK.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[\W_]+", "", folded)


def remark(header: str) -> str:
    """What a header says in brackets, such as a unit."""
    found = _REMARK.search(unicodedata.normalize("NFKC", header))
    return found.group()[1:-1].strip().casefold() if found else ""


def columns_of(headers: list[str], vocabulary: dict[str, str]) -> dict[str, str]:
    """Template column to the header that fits its words best; headers that only resemble are used once."""
    by_plain = {plain(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for column, words in vocabulary.items():
        exact = next((by_plain[word] for word in map(plain, words.split()) if word in by_plain), None)
        if exact is not None:
            found[column] = exact
    for column, words in vocabulary.items():
        left = {folded: header for folded, header in by_plain.items() if header not in found.values()}
        alike = next(
            (left[word] for one in words.split() for word in left if resembles(word, plain(one))), None
        )
        if column not in found and alike is not None:
            found[column] = alike
    return {column: found[column] for column in vocabulary if column in found}


def resembles(header: str, word: str) -> bool:
    """Whether a header begins or ends with a word that is long enough to say something."""
    return len(word) >= (5 if word.isascii() else 2) and (header.endswith(word) or header.startswith(word))

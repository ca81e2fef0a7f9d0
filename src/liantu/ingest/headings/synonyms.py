"""What offices call columns, beside their own titles, where that can mean one column only.

A column that refers to another table is found by the words for the name of what it refers to,
for references are resolved by name too.
"""

from functools import cache

from liantu.schema import TABLES, columns

_FIRM_NAMES = (
    "企业名称 单位名称 机构名称 公司名称 企业全称 单位全称 机构全称 公司全称 单位详细名称 "
    "企业单位名称 企业(单位)名称 企业名称(全称) "
    "company_name firm_name enterprise_name organisation_name organization_name"
)
_FIRM_NUMBERS = "企业编号 企业编码 机构编号 机构编码 单位编号 单位编码 企业id 机构id"
_FIRM = f"企业 机构 公司 {_FIRM_NAMES} {_FIRM_NUMBERS} company firm organization"
_PLACE = (
    "所在地 所在地区 所属地区 所在区域 所属区域 区县 县区 县市区 县(市区) 县(市、区) 所属区县 "
    "所在区县 所属县区 所在县区 所属县市区 所在县市区 行政区 所在园区 所属园区 地区名称 "
    "district"
)
_PRODUCT = "产品名称 产品编号 产品编码 product_name"
_YEAR = "年度 统计年度 统计年份 所属年度 数据年份 数据年度"
_UNIT = "计量单位 数量单位"
_GRANTED = "认定年度 认定年份 获批年度 获批年份 批准年度 批准年份 授予年份 年度"
_SOURCE = "数据来源 资料来源"

_ALSO: dict[str, dict[str, str]] = {
    "sources": {
        "title": "资料名称 来源名称 文件名称",
        "publisher": "发布机构 发布部门",
        "url": "链接 网页链接",
        "published": "发布日期",
    },
    "places": {
        "place_id": "地区编号 地区编码",
        "name": "地区名称 区县名称 园区名称",
        "level": "行政级别 地区级别",
        "parent_id": "所属地区 上级行政区",
    },
    "organisations": {
        "org_id": _FIRM_NUMBERS,
        "name": _FIRM_NAMES,
        "kind": "机构类型 机构类别",
        "place_id": _PLACE,
        "parent_org_id": "母公司 母公司名称 所属集团 所属集团名称 上级公司 上级企业",
        "registration_no": "社会信用代码 信用代码 统一信用代码 社会统一信用代码 "
        "统一社会信用代码(18位) 工商注册号 营业执照注册号",
        "founded": "成立年度 成立时间 成立日期 成立年月",
    },
    "other_names": {
        "org_id": _FIRM,
        "other_name": "曾用名 曾用名称 原名 原名称 别名 简称 企业简称 单位简称 公司简称",
        "kind": "名称类型 名称类别",
    },
    "sites": {
        "site_id": "场所编号 厂区编号",
        "org_id": f"{_FIRM} 所属企业",
        "place_id": _PLACE,
        "name": "场所名称 厂区名称 工厂名称 基地名称",
        "kind": "场所类型 场所类别",
    },
    "activities": {
        "org_id": _FIRM,
        "code": "行业代码",
        "scheme": "分类标准 行业分类标准",
        "main": "是否主要活动",
    },
    "recognitions": {
        "org_id": _FIRM,
        "title": "称号 称号名称 荣誉称号 资质名称 认定名称",
        "scheme": "认定单位 认定部门 认定机构 授予单位",
        "year": _GRANTED,
        "valid_until": "有效期截止 有效期截止日期 到期日期",
    },
    "platforms": {
        "platform_id": "平台编号",
        "name": "平台名称",
        "kind": "平台类型 平台类别",
        "level": "平台级别 认定级别",
        "org_id": "依托单位 依托企业 建设单位 承建单位",
        "place_id": _PLACE,
        "year": _GRANTED,
    },
    "collaborations": {"kind": "合作类型 合作方式 合作形式", "year": _YEAR},
    "products": {
        "product_id": "产品编号 产品编码",
        "name": "产品名称 品名 product_name",
        "short_name": "产品简称",
        "parent_id": "上级产品",
        "unit": _UNIT,
    },
    "product_codes": {"product_id": _PRODUCT},
    "chains": {"chain_id": "产业链编号", "name": "产业链名称", "place_id": _PLACE},
    "chain_products": {
        "chain_id": "产业链名称 所属产业链",
        "product_id": _PRODUCT,
        "stage": "所处环节 产业链环节",
        "segment": "细分领域",
    },
    "parts": {
        "product_id": f"{_PRODUCT} 整机产品",
        "part_id": "零部件名称 部件 部件名称 零件名称",
        "quantity": "数量 用量",
        "unit": _UNIT,
    },
    "makes": {
        "org_id": f"{_FIRM} 生产企业 生产单位 生产企业名称 制造企业",
        "product_id": f"{_PRODUCT} 主要产品 主营产品 主导产品",
        "site_id": "厂区 生产基地 厂区名称",
        "year": _YEAR,
        "output": "产出 产出数量 年产量 生产量",
        "capacity": "年产能 生产能力 年生产能力 设计产能",
        "unit": f"{_UNIT} 产量单位",
        "value": "产值 年产值 总产值 工业总产值",
        "market_share": "市场份额 市占率",
    },
    "supplies": {
        "supplier_id": "供应商名称 供应企业 供应单位 供货商 供货企业 供货单位 供方",
        "buyer_id": "采购商 采购企业 采购单位 采购方名称 购买方 需方 客户 客户名称",
        "product_id": f"{_PRODUCT} 供应产品 供货产品 采购产品",
        "year": _YEAR,
        "value": "金额 销售额 采购额 供货金额 采购金额 供应金额",
    },
    "trade": {"value": "金额 贸易额", "quantity": "数量", "unit": _UNIT, "year": _YEAR},
    "observations": {
        "subject_id": "对象名称",
        "measure": "指标名称",
        "year": _YEAR,
        "scope": "统计口径",
        "value": "指标值",
        "unit": _UNIT,
    },
    "milestones": {
        "product_id": _PRODUCT,
        "org_id": _FIRM,
        "place_id": _PLACE,
        "date": "日期 时间",
    },
    "service_items": {"name": "事项名称", "authority": "实施部门 实施机关"},
    "service_events": {"item_id": "事项名称"},
}
# Columns that number the rows of a list, which says nothing about what stands in them.
ORDINALS = frozenset({"序号", "行号", "no", "no.", "s/n", "serial_no", "serial_number", "#"})


@cache
def also_called(table: str) -> dict[str, str]:
    """Words that mean a column of the table beside its name and titles, with the column."""
    words = dict(_ALSO.get(table, {}))
    if any(entry.name == "source_id" and not entry.key for entry in columns(TABLES[table])):
        words["source_id"] = _SOURCE
    return {word: name for name, said in words.items() for word in said.split()}

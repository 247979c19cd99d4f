"""Which column of a price list holds what, by its name."""

import re
import unicodedata

# Field → patterns of a column's name. Names are in lower case, without accents, with single spaces
# for whatever is neither letter nor digit. What is the customer's own stands before what is the
# vendor's, since "your code" would be any code.
_NO = r"(no|nr|num|number|code|key|ref|reference|id|sku|nummer|numero|codigo)"
NAMES = {
    "vendor": r"(vendor|supplier|seller|lieferant|fournisseur|proveedor)( name)?"
    r"|供应商(名称)?|供應商(名稱)?|卖方",
    "code": rf"(your|our|customer|client|internal|buyer) ?(product |item |article |part )?{_NO}"
    rf"|(ihre|kunden) ?(artikel)? ?{_NO}|internal reference|default code|votre reference"
    r"|(我方|内部|內部|客户|客戶|贵司|貴司)(产品|產品|物料)?(编码|編碼|编号|編號|料号|料號|代码)",
    "barcode": r"(bar ?code|ean|gtin|upc|jan)( ?(13|8|12|14|code|no))?|codigo de barras"
    r"|(国际|國際)?(条码|條碼|条形码|條形碼)",
    "vendor_code": rf"(vendor|supplier|vendor s|manufacturer|mfr|my) ?(product |item |part )?{_NO}"
    rf"|(product|item|article|artikel|part|stock|material) ?{_NO}|{_NO}|mpn|artikelnummer"
    r"|(供应商|供應商)?(产品|產品|物料|商品)?(编码|編碼|编号|編號|料号|料號|货号|貨號|代码)"
    r"|型号|型號",
    "name": r"(vendor |supplier )?(product|item|article|artikel|goods)( ?name)?|name|description"
    r"|designation|bezeichnung|beschreibung|descripcion|(产品|產品|商品|物料)(名称|名稱)?"
    r"|名称|名稱|品名|描述",
    "price": r"(unit |net |new |purchase |list |vendor |gross )?(price|cost)( each| per unit)?"
    r"|unitprice|(einzel|stuck|netto|einkaufs)?preis|prix( unitaire| net)?|precio( unitario)?"
    r"|(采购|採購|不含税|未税|未稅)?(单价|單價|价格|價格)",
    "discount": r"(discount|rebate)( percent| rate)?|rabatt|remise|descuento|折扣(率)?",
    "currency": r"currency( code)?|curr|wahrung|devise|moneda|divisa|币种|货币|幣別|幣種|貨幣",
    "min_qty": r"(min(imum)?|least|from|break|order) ?(order )?(qty|quantity)|moq|qty|quantity"
    r"|(price )?break|from|mindest(bestell)?menge|ab menge|quantite( min(imale)?)?"
    r"|cantidad( minima)?|(最小|起)?(订|訂|采购|採購|购买)?(数量|數量|起订量|起訂量)|起订量|起訂量"
    r"|最小起订量|最小起訂量|最小订购量|最小訂購量",
    "unit": r"unit( of measure)?|uom|einheit|unite|unidad|(计量|計量|采购|採購)?(单位|單位)",
    "date_start": r"(valid|effective|start|price|new price) ?(from|date|since)?|from date|date from"
    r"|since|date start|start date|gultig (ab|von)|valable (du|a partir du)|valido desde"
    r"|(生效|开始|開始|起始)(日期|日)?",
    "date_end": r"(valid|effective) ?(to|until|till)|(end|expiry|expiration)( date)?|until"
    r"|date end|to date|date to|gultig bis|valable jusqu au|valido hasta"
    r"|(失效|结束|結束|截止|到期)(日期|日)?|有效期(至)?",
    "delay": r"(delivery )?lead ?time( in)?( days)?|delay|delivery (time|days)( days)?|days"
    r"|lieferzeit( tage)?|delai( de livraison)?|plazo( de entrega)?"
    r"|(交货|交貨|供货)?(交期|提前期|天数|天數|周期|週期)",
    "duty": r"(import |customs )?(duty|tariff)( rate| percent)?|customs|zoll(satz)?|关税(率)?"
    r"|關稅(率)?",
    "freight": r"freight( cost| per unit)?|(transport|shipping)( cost| per unit)?|fracht|fret|flete"
    r"|运费|運費",
}
# By which a product can be found.
IDENTIFIERS = ("vendor_code", "barcode", "code")


def plain_name(name):
    """Return a column's name without accents, case and signs, words divided by one space."""
    name = re.sub(r"\([^)]*\)|（[^）]*）", " ", str(name))
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    letters = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def recognise(names):
    """Return field → index of the column that holds it; each column is taken once.

    :param names: the cells of the header
    """
    taken = {}
    plain = [plain_name(name) if name not in (None, "") else "" for name in names]
    for field, pattern in NAMES.items():
        for index, name in enumerate(plain):
            if name and index not in taken.values() and re.fullmatch(pattern, name):
                taken[field] = index
                break
    return taken


def is_header(names):
    """Return whether a row names what a price list must have: a product and a price."""
    found = recognise(names)
    return "price" in found and any(field in found for field in IDENTIFIERS)

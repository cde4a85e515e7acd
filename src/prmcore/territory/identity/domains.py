"""Domains: which part of a host, a URL or an e-mail address somebody registered, and whether it says who they are.

The public suffix list says where a registered name begins. It comes with the library `publicsuffixlist` of the extra
`identity`, and is read from there, never from the network. Without it the last two labels are taken, three below a short
list of known second levels: `is_by_list` says which.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import attrs

from prmcore.errors import InvalidInput

__all__ = ["SHARED_HOSTS", "Domain", "read_domain"]

LONGEST = 2000  # characters of a URL


@attrs.frozen
class Domain:
    """The domain that was registered, of a host, a URL or an e-mail address.

    >>> read_domain("Taro@mail.Example.co.jp").registered
    'example.co.jp'
    >>> read_domain("someone@gmail.com").is_shared
    True
    """

    host: str  # in A-labels
    registered: str | None  # None = the host is nothing but a public suffix, or an address of the network
    is_shared: bool  # of a provider for everybody: says nothing of who uses it
    is_by_list: bool  # by the public suffix list; False = by the last labels


def read_domain(written: str, shared: Collection[str] = ()) -> Domain:
    """The domain in a host, a URL or an e-mail address; `shared` are further hosts that say nothing of who uses them."""
    found = _read(written)
    if not found.is_shared and shared and _is_at_or_below(found.host, shared):
        return attrs.evolve(found, is_shared=True)
    return found


@lru_cache(maxsize=65536)
def _read(written: str) -> Domain:
    host = _host(written)
    if re.fullmatch(r"[0-9.]+", host):
        return Domain(host, None, False, False)
    listed = public_suffixes()
    registered = _by_last_labels(host) if listed is None else listed.privatesuffix(host)
    is_shared = _is_at_or_below(host, SHARED_HOSTS) or (
        registered is not None and registered.split(".")[0] in _MAIL_NAMES
    )
    return Domain(host, registered, is_shared, listed is not None)


@lru_cache(maxsize=1)
def public_suffixes() -> Any:
    """The bundled public suffix list, private section and all; None = the library is not there."""
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError:
        return None
    return PublicSuffixList()


_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def _host(written: object) -> str:
    if not isinstance(written, str) or len(written) > LONGEST:
        raise InvalidInput(f"found {written!r:.80}; accepted: a host, a URL or an e-mail address")
    text = unicodedata.normalize("NFKC", written).strip().lower()
    text = text.partition("://")[2] if "://" in text else text.removeprefix("mailto:")
    for end in "/?#":
        text = text.partition(end)[0]
    text = text.rpartition("@")[2].partition(":")[0].replace("。", ".").strip(".")
    try:
        host = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidInput(
            f"found {written!r:.80}; accepted: a host, a URL or an e-mail address, such as example.co.jp"
        )
    return host


def _by_last_labels(host: str) -> str | None:
    """Without the list: the last two labels, three below second levels that are known to be public."""
    labels = host.split(".")
    kept = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-kept:]) if len(labels) >= kept else None


def _is_at_or_below(host: str, hosts: Collection[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels) - 1))


_SECOND_LEVELS = frozenset(
    ("ac", "ad", "asso", "co", "com", "ed", "edu", "gen", "go", "gob", "gouv", "gov", "gr", "lg", "ltd", "mil", "ne", "net", "nom",
     "or", "org", "plc", "sch")
)  # of .jp .uk .kr .nz .au .br .cn .tw .in .za .th .id ...  # fmt: skip
_MAIL_NAMES = frozenset(("aol", "gmx", "hotmail", "live", "outlook", "yahoo", "ymail"))  # under many suffixes

# Mail for everybody.
_MAIL = """
    gmail.com googlemail.com msn.com icloud.com me.com mac.com mail.com inbox.com fastmail.com hushmail.com zoho.com
    proton.me protonmail.com pm.me tutanota.com tuta.io rocketmail.com comcast.net verizon.net att.net sbcglobal.net
    bellsouth.net cox.net earthlink.net charter.net btinternet.com virginmedia.com sky.com talktalk.net ntlworld.com
    web.de t-online.de freenet.de arcor.de 1und1.de online.de posteo.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr
    neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it tin.it telefonica.net telenet.be skynet.be ziggo.nl kpnmail.nl
    planet.nl bluewin.ch sunrise.ch telia.com wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz mail.ru yandex.ru
    yandex.com rambler.ru bk.ru list.ru inbox.ru ukr.net rediffmail.com bigpond.com optusnet.com.au xtra.co.nz uol.com.br
    bol.com.br terra.com.br ig.com.br
    qq.com foxmail.com 163.com 126.com yeah.net 188.com sina.com sina.cn sohu.com aliyun.com tom.com 139.com 189.cn wo.cn
    21cn.com hinet.net pchome.com.tw seed.net.tw naver.com daum.net hanmail.net nate.com kakao.com
    docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp ymobile.ne.jp vodafone.ne.jp disney.ne.jp rakuten.jp
    nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp plala.or.jp dion.ne.jp auone-net.jp odn.ne.jp dti.ne.jp eonet.ne.jp
    asahi-net.or.jp jcom.home.ne.jp jcom.zaq.ne.jp home.ne.jp infoseek.jp excite.co.jp goo.jp goo.ne.jp livedoor.com
"""
# Pages and shops for everybody: what stands before the dot, or behind the slash, is the user's.
_PAGES = """
    github.io gitlab.io wixsite.com wix.com editorx.io wordpress.com blogspot.com weebly.com squarespace.com webflow.io
    jimdo.com jimdofree.com jimdosite.com strikingly.com godaddysites.com myshopify.com bigcartel.com netlify.app vercel.app
    pages.dev web.app firebaseapp.com herokuapp.com azurewebsites.net cloudfront.net amazonaws.com googleusercontent.com
    sites.google.com google.com facebook.com instagram.com linkedin.com twitter.com x.com youtube.com linktr.ee bit.ly
    notion.site medium.com tumblr.com amebaownd.com ameblo.jp hatenablog.com hatenablog.jp note.com line.me fc2.com
    crayonsite.com crayonsite.net goope.jp base.shop thebase.in stores.jp sakura.ne.jp xsrv.jp lolipop.jp main.jp
    wpx.jp ec-site.jp rakuten.co.jp rakuten.ne.jp amazon.com amazon.co.jp alibaba.com 1688.com taobao.com tmall.com weibo.com
"""
SHARED_HOSTS = frozenset(f"{_MAIL} {_PAGES}".split())

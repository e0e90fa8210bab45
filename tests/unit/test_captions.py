"""SubRip as it is met in the wild becomes WebVTT that says the same words at the same times."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit import InvalidInput
from vimeo_toolkit.uploads.captions import MOST, as_vtt, is_unicode
from vimeo_toolkit.uploads.cues import vtt_cues

A = "00:00:01,000 --> 00:00:02,000"
B = "00:00:03,000 --> 00:00:04,000"
TIMES = re.compile(r"(\d{2,}):[0-5]\d:[0-5]\d\.\d{3} --> (\d{2,}):[0-5]\d:[0-5]\d\.\d{3}( \S+)*", re.ASCII)


def body(srt: str) -> str:
    made = as_vtt(srt.encode()).decode()
    assert made.startswith("WEBVTT\n\n")
    return made.removeprefix("WEBVTT\n\n").removesuffix("\n")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('<font color="#ff0000">Red</font> text', "Red text"),
        ("<FONT face='a'>Red</FONT>", "Red"),
        ("R&D <3", "R&amp;D &lt;3"),
        ("1 < 2 > 0 && x", "1 &lt; 2 &gt; 0 &amp;&amp; x"),
        ("Fish &amp; chips &lt;b&gt; &nbsp;&#39;", "Fish &amp; chips &lt;b&gt; &nbsp;&#39;"),
        ("AT&T; &zzz;", "AT&amp;T; &amp;zzz;"),
        ("<i>It</i> <b>is</b> <u>so</u>", "<i>It</i> <b>is</b> <u>so</u>"),
        ("<em>It</em> <STRONG>is</STRONG>", "<i>It</i> <b>is</b>"),
        ("<v Bob & Co>Hi</v>", "<v Bob &amp; Co>Hi</v>"),
        ("One<br/>Two<br>Three", "One\nTwo\nThree"),
        ("<laughs> <3 <- a", "&lt;laughs&gt; &lt;3 &lt;- a"),
        ("A --> B", "A --&gt; B"),
        (r"{\an2}Below", "Below"),
        (r"{\i1}Slanted{\i0} {\b1}fat{\b0}", "<i>Slanted</i> <b>fat</b>"),
        (r"{\pos(1,2)\fs20}There", "There"),
        ("set {a, b}", "set {a, b}"),
        (r"One\NTwo\hThree", "One\nTwo\u00a0Three"),
        ("- Hi\n- Ho", "- Hi\n- Ho"),
        ("One\n\nTwo", "One\nTwo"),
        ("One\n \t\nTwo\n\n", "One\nTwo"),
        ("NOTE well\nSTYLE", "NOTE well\nSTYLE"),
        ("\x07Bell\ufeff", "Bell"),
        ("\u202b\u05d0\u202c", "\u202b\u05d0\u202c"),
    ],
)
def test_words(words: str, shown: str) -> None:
    assert body(f"1\n{A}\n{words}\n") == f"1\n00:00:01.000 --> 00:00:02.000\n{shown}"


@pytest.mark.parametrize(
    ("place", "settings"),
    [(8, "line:0"), (7, "line:0 align:start"), (9, "line:0 align:end"), (5, "line:50%"), (1, "align:start")],
)
def test_places(place: int, settings: str) -> None:
    assert body(f"1\n{A}\n{{\\an{place}}}Top") == f"1\n00:00:01.000 --> 00:00:02.000 {settings}\nTop"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (A, "00:00:01.000 --> 00:00:02.000"),
        ("00:00:01.000 --> 00:00:02.000", "00:00:01.000 --> 00:00:02.000"),
        ("0:00:01,5 --> 0:00:02,50", "00:00:01.500 --> 00:00:02.500"),
        ("00:01,000 --> 00:02,000", "00:00:01.000 --> 00:00:02.000"),
        ("00:00:01 --> 00:00:02", "00:00:01.000 --> 00:00:02.000"),
        ("100:00:01,000 --> 123:00:02,000", "100:00:01.000 --> 123:00:02.000"),
        ("00:00:01,000-->00:00:02,000", "00:00:01.000 --> 00:00:02.000"),
        ("00:00:01,000 -> 00:00:02,000", "00:00:01.000 --> 00:00:02.000"),
        ("00:00:01,000 -- > 00:00:02,000", "00:00:01.000 --> 00:00:02.000"),
        (" 00:00:01,000 --> 00:00:02,000 \t", "00:00:01.000 --> 00:00:02.000"),
        (f"{A} X1:100 X2:200 Y1:1 Y2:2", "00:00:01.000 --> 00:00:02.000"),
        (f"{A} position:50% line:0", "00:00:01.000 --> 00:00:02.000 position:50% line:0"),
        ("00:00:01,000 --> 00:00:01,000", "00:00:01.000 --> 00:00:01.001"),
        ("00:00:59,999 --> 00:01:00,000", "00:00:59.999 --> 00:01:00.000"),
    ],
)
def test_times(written: str, meant: str) -> None:
    assert body(f"{written}\nOne\n") == f"{meant}\nOne"


TWO = "1\n00:00:01.000 --> 00:00:02.000\nOne\n\n2\n00:00:03.000 --> 00:00:04.000\nTwo"


@pytest.mark.parametrize(
    ("srt", "vtt"),
    [
        (f"1\n{A}\nOne\n\n2\n{B}\nTwo\n", TWO),
        (f"1\n{A}\nOne\n2\n{B}\nTwo", TWO),
        (f"1\n{A}\nOne\n\n\n\n2\n{B}\nTwo\n\n\n", TWO),
        (f"\n\n1\n{A}\nOne\n\n2\n{B}\nTwo", TWO),
        (f"2\n{B}\nTwo\n\n1\n{A}\nOne\n", TWO),
        (f"1\r\n{A}\r\nOne\r\n\r\n2\r\n{B}\r\nTwo\r\n", TWO),
        (f"1\r{A}\rOne\r\r2\r{B}\rTwo\r", TWO),
        (f"\ufeff1\n{A}\nOne\n\n2\n{B}\nTwo\n", TWO),
        (f"{A}\nOne\n\n{B}\nTwo\n", TWO.replace("1\n00", "00").replace("\n2\n", "\n")),
        (f"{A}\nOne\n{B}\nTwo\n", TWO.replace("1\n00", "00").replace("\n2\n", "\n")),
        (f"1\n{A}\n1984\n\n2\n{B}\n42\n", TWO.replace("One", "1984").replace("Two", "42")),
        (f"{A}\n1984\n{B}\n42\n", "00:00:01.000 --> 00:00:02.000\n1984\n\n00:00:03.000 --> 00:00:04.000\n42"),
        (f"1\n{A}\n\n2\n{B}\nTwo\n", TWO.partition("\n\n")[2]),
    ],
)
def test_files(srt: str, vtt: str) -> None:
    assert body(srt) == vtt


@pytest.mark.parametrize(
    ("raw", "language", "shown"),
    [
        ("\ufeff1\n{}\nGrüße\n", "utf-8", "Grüße"),
        ("\ufeff1\n{}\nGrüße\n", "utf-16-le", "Grüße"),
        ("\ufeff1\n{}\nGrüße\n", "utf-16-be", "Grüße"),
        ("1\n{}\nGrüße \u2013 \u201cça\u201d €\n", "cp1252", "Grüße \u2013 \u201cça\u201d €"),
        ("1\n{}\nBlå bær\n", "latin-1", "Blå bær"),
    ],
)
def test_encodings(raw: str, language: str, shown: str) -> None:
    content = raw.format(A).encode(language)
    assert as_vtt(content, "de-AT").decode() == f"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n{shown}\n"
    assert as_vtt(content) == as_vtt(content, "de-AT")
    assert is_unicode(content) is language.startswith("utf")


@pytest.mark.parametrize(
    ("words", "code", "language"),
    [
        ("Привет", "cp1251", "ru"),
        ("Привет, мир", "cp1251", ""),
        ("Привет, мир", "cp1251", "en"),
        ("你好世界", "gb18030", "fr"),
        ("Zażółć", "cp1250", "pl"),
        ("Zażółć gęślą", "cp1250", "de"),
        ("日本", "shift-jis", "ja"),
        ("Grüße", "cp1252", "el"),
    ],
)
def test_another_code_page_is_not_guessed(words: str, code: str, language: str) -> None:
    """It would be shown as other letters."""
    with pytest.raises(InvalidInput, match="not UTF-8") as caught:
        as_vtt(f"1\n{A}\n{words}\n".encode(code), language)
    assert "UTF-8" in str(caught.value.hint)


@pytest.mark.parametrize(
    "vtt",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n",
        "WEBVTT - A title\n\nNOTE x\n\nid\n00:00:01.000 --> 00:00:02.000 line:0\n<v Bob>R&amp;D <c.a>x</c>\n",
    ],
)
def test_webvtt_stays_as_it_is(vtt: str) -> None:
    assert as_vtt(vtt.encode()).decode() == vtt
    assert as_vtt(("\ufeff" + vtt.replace("\n", "\r\n")).encode()).decode() == vtt


def test_webvtt_with_the_commas_of_subrip() -> None:
    assert as_vtt(f"WEBVTT\n\n{A}\nOne, two,100 times\n".encode()).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne, two,100 times\n"
    )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not captions"),
        (b"Hello", "not captions"),
        (b"WEBVTT\n\nHello", "not captions"),
        (b"WEBVTT", "not captions"),
        (f"1\n{A}\n\n".encode(), "not captions"),
        (f"1\n{A}\n\0\n".encode(), "not captions"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "captions"),
        (b"\xff\xd8\xff" + b"j" * 100, "captions"),
        (b"[Script Info]\nDialogue: 0,0:00:01.00,0:00:02.00,,Hi", "not captions"),
        (b"x" * (MOST + 1), "larger than"),
        (f"1\n{A}\nOne\n\n2\n00:00:05,000 --> 00:00:04,000\nTwo\n".encode(), "line 6 ends before it begins"),
        (f"1\n{A}\nOne\n\n2\n00:00:0x,000 --> 00:00:04,000\nTwo\n".encode(), "not captions|line 6"),
        (f"1\n{A}\nOne\n\n2\n00:00:03,0000 --> 00:00:04,000\nTwo\n".encode(), "line 6"),
    ],
)
def test_what_is_not_captions_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        as_vtt(raw, "en")


SAID = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"], exclude_characters="<>{}\\&")
WORDS = st.text(SAID, max_size=30)
CUES = st.lists(st.tuples(st.integers(0, 500_000_000), st.integers(1, 9_000), WORDS), min_size=1, max_size=6)


@given(
    cues=CUES,
    numbered=st.booleans(),
    blank=st.booleans(),
    comma=st.sampled_from(",."),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_is_said_is_said(
    cues: list[tuple[int, int, str]], numbered: bool, blank: bool, comma: str, end: str
) -> None:
    def clock(at: int) -> str:
        return f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}{comma}{at % 1000:03}"

    said = [(at, length, " ".join(words.split())) for at, length, words in cues]
    said = [each for each in said if each[2] and not each[2].isdigit()]
    lines: list[str] = []
    for number, (at, length, words) in enumerate(said, 1):
        lines += [str(number)] * numbered + [f"{clock(at)} --> {clock(at + length)}", words] + [""] * blank
    try:
        made = as_vtt(end.join(lines).encode()).decode()
    except InvalidInput as problem:
        assert not said or "looks like the times" in problem.message  # noqa: PT017 - words may look so
        return
    assert [(cue.start, cue.text) for cue in vtt_cues(made)] == [
        (at / 1000, words) for at, _, words in sorted(said, key=lambda cue: cue[0])
    ]
    for line in made.split("\n"):
        assert "-->" not in line or TIMES.fullmatch(line)


@given(words=st.text(max_size=60))
def test_whatever_the_words_the_file_is_one_cue(words: str) -> None:
    """Nothing in a text can end its cue or begin another."""
    try:
        made = as_vtt(f"1\n{A}\nx{words}\n".encode(errors="replace")).decode()
    except InvalidInput:
        return
    if not re.search(r"\d:\d", words):
        assert len(list(vtt_cues(made))) == 1
        assert made.count("-->") == 1
        assert "\n\n" not in made.partition("-->")[2]


@pytest.mark.parametrize(
    "line",
    [
        f"{A} a{' ' * 50_000}b",
        f"{A} {'line:' * 30} x",
        f"1:1{'>' * 50_000}",
        f"1:1>{' 1' * 25_000}",
        f"{'1' * 50_000}:1>",
        f"{' ' * 50_000}x",
        f"<a{' ' * 50_000}",
        "<a " * 20_000,
        "{\\b1" * 20_000,
        "&#1" * 20_000,
        f"<v{' a' * 25_000}>",
    ],
)
def test_no_line_is_looked_at_for_long(line: str) -> None:
    """Patterns that go back over a line would take minutes for these, and longer than the universe for one."""
    with contextlib.suppress(InvalidInput):
        as_vtt(f"1\n{A}\n{line}\n".encode(), "en")


def test_a_line_with_times_begins_a_cue_without_a_blank_line() -> None:
    made = "WEBVTT\n00:00.000 --> 00:01.000\nHello\n2\n00:01.000 --> 00:02.000\nthere\n"
    made += "\nNOTE\nx\n00:05.000 --> 00:06.000"
    assert list(vtt_cues(made)) == [(0.0, 1.0, "Hello", ""), (1.0, 2.0, "there", "")]


def test_the_voice_of_a_cue() -> None:
    def voice(words: str) -> str:
        (cue,) = vtt_cues(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{words}\n")
        return cue.voice

    assert voice("<v Ann  O&amp;M>Hello.</v>") == "Ann O&M"
    assert voice("<v.loud Bo>Hello.") == "Bo"
    assert voice("<v Ann>Hello.</v> <v Bo>Hi.</v>") == ""
    assert voice("<video>Hello.") == ""

"""The words that a sentence has for its grammar, in the languages that most videos are in.

A question is not looked up by them while it has others, and the language of a text is guessed by them. They are
folded, as `terms.fold` does it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

__all__ = ["function_words", "guessed_language", "language_asked_in"]

_OF_A_LANGUAGE: Final[dict[str, frozenset[str]]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": """a about again all also am an and any anyone anything are as at be been before being but by
            can could did do does doing done down each ever every exactly find for from get gets give given go
            goes had has have he her here him his how i if in into is it its just let like made make many may
            me might more most much must my no not now of off on one only or other our out over own say saying
            says said shall she should show so some somebody someone something such take talk talks talked
            talking tell tells than that the their them then there these they thing things this those to told
            too under until up us use very video videos was we were what when where whether which while who
            whom whose why will with within without would you your explain explains explained mention mentions
            mentioned happen happens according""",
        "de": """aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis da damit dann
            darf das dass dein dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch
            dort du durch ein eine einem einen einer eines er es etwas fur gegen gibt habe haben hat hatte
            hier ich ihm ihn ihr ihre im in ins ist jede jedem jeden jeder jedes jemand kann kein keine konnen
            man mein meine mich mir mit muss musst musste mussten mussen nach nicht noch nun nur ob oder ohne
            sagt sagen sehr sein seine
            sich sie sind so soll sollte sollten spricht uber um und uns unser unter video videos viel viele
            vom von vor wann war warum was weil welche welchem welchen welcher welches wem wen wenn wer werden
            wessen wie wieso wir wird wo wodurch wofur womit woran worauf worum wozu wurde wurden zu zum zur
            erklart""",
        "fr": """ai as au aux avec avoir c ce ceci cela celle celui ces cet cette combien comment d dans de
            des dit dites dois doit donc du elle elles en est et etait etre eu explique faire fait faut il ils
            j je jusqu l la le les leur leurs lui m ma mais me meme mes moi mon n ne nos notre nous on ont ou
            par parle parlent pas peut peux plus pour pourquoi qu quand que quel quelle quelles quels qui quoi
            s sa sans se sera ses si son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un
            une video videos vos votre vous y""",
        "es": """a al algo alguien como con cual cuales cuando cuanta cuantas cuanto cuantos de debe deben del
            desde dice dicen donde dos el ella ellas ellos en entre era es esa ese eso esta estan estas este
            esto estos explica fue ha habla hablan hace hacer han hasta hay la las le les lo los mas me mi mis
            mucho muy nada ni no nos nosotros o para pero podemos por porque puede pueden que quien quienes se
            sea segun ser si sin sobre son su sus tambien te tiene tienen todo todos tu un una uno unos video
            videos y ya yo""",
        "it": """a ai al alla alle anche c che chi ci come con cosa cui da dal dalla degli dei del della delle
            di dice dove e ed era essere fa gli ha hanno ho i il in io l la le lo loro ma mi mia mio ne nei
            nel nella non o ogni parla per perche piu puo qual quale quali quando quanta quante quanti quanto
            quella quello questa questo se si sia sono su sua sul sulla suo ti tra tu un una uno video viene""",
        "pt": """a ao aos as com como da das de deve diz do dos e ela ele em entre era essa esse esta este eu
            fala foi ha isso isto ja mais mas me meu minha muito na nao nas no nos o onde os ou para pela pelo
            pode por porque qual quais quando quanta quantas quanto quantos que quem se sem ser seu sua sao
            sobre so tambem tem um uma voce""",
        "nl": """aan als bij dan dat de deze die dit door een en er geen had heb hebben heeft het hij hoe hun
            ik in is je kan kunnen maar meer met mij mijn moet naar niet nog of om omdat onze ook op over te
            tot uit van veel video voor waar waarom wanneer was wat we welke wel werd wie wij wordt ze zegt
            zich zij zijn zo""",
        "sv": """alla att av bara da de dem den det detta dig din du eller en ett fran for ha han har hon hur
            i inte jag kan man med men mig min mina mycket nar nagon och om oss pa sa sager samt sin ska som
            till under upp ut vad var varfor vem vi vid vilka vilken video ar""",
        "ja": """です ます した して ため いて いる ある する とは には では これ それ この
            その どの どこ なに 何を 何が だれ 誰が いつ なぜ どう どん んな すか まし
            か な は が を に と も の で て た""",
    }.items()
}
_OF_SEVERAL: Final = frozenset(
    word
    for word, count in Counter(word for listed in _OF_A_LANGUAGE.values() for word in listed).items()
    if count >= 3
)


def guessed_language(words: Iterable[str]) -> str:
    """Return the code of the language that most of the folded words are grammar of, "" where none stands out."""
    best = _counted(words).most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return ""
    return best[0][0]


def function_words(language: str) -> frozenset[str]:
    """Return the words that a language has for its grammar; of an unknown one, those of several, such as "a"."""
    return _OF_A_LANGUAGE.get(language, _OF_SEVERAL)


def language_asked_in(question: Collection[str], languages: Collection[str]) -> str:
    """Return the code of the language that a question is in, "" where its words do not tell.

    "Sea" is grammar in Spanish, "war" in German. So a language is only taken for the question's where two of its
    words say so, or where the library's words are in no other one.

    Args:
        question: its folded words.
        languages: codes of those in which the library's words are.
    """
    counted = _counted(question)
    known = [language for language in languages if language in _OF_A_LANGUAGE]
    best = max(counted, key=lambda language: (counted[language], language in known), default="")
    if counted[best] < _ENOUGH:
        best = known[0] if len(known) == 1 else ""
    return best


_ENOUGH: Final = 2


def _counted(words: Iterable[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for word in words:
        counted.update(language for language, listed in _OF_A_LANGUAGE.items() if word in listed)
    return counted

"""What stands under an article, and is none only there: appeals, ways out of a list, captions.

In the middle of a piece the same words may be its own.
"""

import re

_WORK = (
    r"(?:work|journalism|mission|newsroom|reporting|trabajo|labor|misión|periodismo|redacción"
    r"|travail|journalisme|rédaction|mission|trabalho|jornalismo|missão|redação|travay|misyon)"
)
_GIFT = (
    r"(?:gift|donation|donación|donativo|aportación|aporte|don|doação|contribuição|kontribisyon)"
)
# Asks for gifts for those who write. Under an article no part of it; somebody's piece may ask too.
APPEAL = re.compile(
    rf"(?:please )?(?:support|sustain|fund) (?:us|our {_WORK})\b.{{0,200}}"
    rf"|(?:apoya|apoye|apóyanos|sostén|sostenga)(?: (?:a )?nuestr[oa] {_WORK}\b.{{0,200}})?"
    rf"|(?:soutenez|soutenir)[- ](?:nous|notre {_WORK})\b.{{0,200}}"
    rf"|(?:apoie|apoiar|ajude) (?:a |o )?noss[oa] {_WORK}\b.{{0,200}}"
    rf"|(?:sipòte|soutni|ede) {_WORK} nou\b.{{0,200}}|(?:ادعم|ادعموا|ساندوا)(?:نا| عملنا).{{0,200}}"
    rf"|(?:.{{1,120}}[.!?…] )?(?:your|tu|su|votre|ton|sua|seu) (?:[\w-]+ )?{_GIFT} (?:\w+ )?"
    r"(?:keeps?|makes?|helps?|allows?|funds?|powers?|lets|hace|permite|mantiene|ayuda|sostiene"
    r"|permet|aide|finance|mantém|ajuda|torna|garante)\b.{0,200}"
    rf"|(?:.{{1,120}}[.!…] )?{_GIFT} (?:ou|w) (?:ap )?(?:ede|pèmèt|kenbe)\b.{{0,200}}"
    r"|(?:.{1,120}[.!؟…] )?(?:تبرعك|تبرعكم) .{1,200}",
    re.IGNORECASE,
)
# Under an article the end of a letter, whatever else stands there.
LEAVING = re.compile(
    r"\bunsubscribe\b|\bd(?:at|es)e de baja\b|\bse (?:désabonner|désinscrire)\b|\bdésabonnez"
    r"|\bdescadastr|\bcancel(?:e|ar) (?:a |sua )+(?:inscrição|assinatura)|\bdezabòne\b"
    r"|إلغاء (?:ال)?اشتراك",
    re.IGNORECASE,
)
_SIGNS = """
unsubscribe baja désabonner désabonnez désinscrire descadastrar descadastre descadastro inscrição
assinatura dezabòne اشتراك الاشتراك
support sustain fund gift donation apoya apoye apóyanos sostén sostenga donación donativo
aportación aporte soutenez soutenir don apoie apoiar ajude doação contribuição sipòte soutni ede
kontribisyon ادعم ادعموا ساندوا ادعمنا ساندونا تبرعك تبرعكم
"""
# One of these is in whatever APPEAL or LEAVING match: quicker to ask than both patterns.
SIGNS = frozenset(_SIGNS.split())
# A caption under an article; over a part of one it may be its heading or a step to take.
LAST_CAPTION = re.compile(
    r"(?:more info(?:rmation)?|get (?:started|involved)|take action"
    r"|rsvp|register|contact us|details|más información|más info|contacto"
    r"|contáctanos|plus d['’](?:infos?|informations?)|contactez-nous|mais informações"
    r"|fale conosco|plis enfòmasyon|kontakte nou|لمزيد من المعلومات|اتصل بنا)[\s.!…]*"
    r"|(?:click|tap|press)(?: on)? (?:the|this) button (?:to|for) .{1,60}"
    r"|ha(?:z|ga) clic en el botón para .{1,60}"
    r"|cliquez sur le bouton pour .{1,60}|clique no botão para .{1,60}"
    r"|klike sou bouton (?:an|a|la) pou .{1,60}"
    r"|(?:اضغط|انقر)(?:وا)? على الزر .{1,60}",
    re.IGNORECASE,
)
URGENT = re.compile(
    r"(?:\bnow|\btoday|\bahora|\bhoy|\bmismo|\bmaintenant|\baujourd['’]hui|\bagora|\bhoje"
    r"|\bkounye a|\bjodi a|الآن|اليوم)$",
    re.IGNORECASE,
)

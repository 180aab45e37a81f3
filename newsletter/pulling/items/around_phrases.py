"""What page builders, mail programs and appeals put around an article, as whole passages.

English, Spanish, French, Portuguese, Haitian Creole, Arabic, some German: from the templates of
Elementor, Gutenberg, Mailchimp, Squarespace, Wix, Blogger and SPIP. Much of it is said in articles
too ("stay in touch with your lawyer"): it has to say whose letter, list or work it is.
"""

import re

# The names that builders give to their blocks, left where nobody wrote a caption.
_BUTTON = r"(?:button|bot[oó]n|botão|bouton|زر)"
_BLOCKS = (
    rf"(?:image|imagen|imagem|imaj|bild|صورة)s?(?: (?:&|and|with|con|avec|com|ak|mit|مع)"
    rf"(?: an?| un| yon| einem)? (?:text|texto?|texte|tèks|نص|{_BUTTON}))+"
    rf"|(?:your |new |nuevo |novo |nouveau )?{_BUTTON}(?: (?:text|label|texte|\d+))?"
    rf"|(?:texto|texte|text|tèks|نص) (?:del? |do |du |of )?(?:the )?(?:ال)?{_BUTTON}"
    r"|call to action|llamad[ao] a la acción|appel à l['’]action|chamada para ação"
    r"|(?:add|añade|añadir|ajoutez|ajouter|adicione|adicionar) (?:your |tu |su |votre |seu )?"
    r"(?:text|texto|texte|heading|título|titre)(?: here| aquí| ici| aqui)"
    r"|lorem ipsum\b.{0,300}"
)
_MAILS = (
    r"(?:view|see|read|open) (?:this|it)(?: (?:e-?mail|message|issue|post))? (?:in|on)"
    r" (?:your |a |the )?(?:web ?)?(?:browser|web|app)\b.{0,20}"
    r"|(?:trouble|problems?|difficulty) (?:viewing|reading|seeing) this (?:e-?mail|message).{1,60}"
    r"|(?:ve[ar]?|mira|abr[ae]|lee) (?:este|el) (?:correo|mensaje|e-?mail|boletín)"
    r" en (?:tu|su|el) navegador"
    r"|(?:voir|lire|afficher|ouvrir) (?:ce|cet|le) (?:mail|e-?mail|message|courriel)"
    r" (?:dans|sur) (?:votre|le|un) navigateur"
    r"|(?:ver|veja|abrir|abra|visualizar) (?:este|o) (?:e-?mail|mensagem) no (?:seu )?navegador"
    r"|(?:gade|wè|li) (?:imèl|mesaj) (?:sa a|la) nan navigatè (?:ou|w)"
    r"|(?:عرض|شاهد|افتح|اعرض) (?:هذه |هذا )?(?:الرسالة|البريد).{0,12} (?:المتصفح|متصفحك)"
    r"|you(?:['’]re| are) (?:receiving|getting) (?:this|our|these) (?:e-?mail|message|newsletter)s?"
    r".{1,160}|you received this (?:e-?mail|message|newsletter).{1,160}"
    r"|(?:recibes?|estás recibiendo|está recibiendo) este (?:correo|mensaje|boletín) .{1,160}"
    r"|vous recevez (?:ce|cet|cette) (?:mail|e-?mail|message|courriel|lettre) .{1,160}"
    r"|você (?:recebeu|está recebendo|recebe) est[ea] (?:e-?mail|mensagem) .{1,160}"
    r"|(?:ou|w) (?:ap )?resevwa (?:imèl|mesaj) sa a .{1,160}"
    r"|(?:تصلك|وصلتك|تلقيت) هذه الرسالة .{1,160}"
    r"|(?:to )?unsubscribe\b.{0,120}|(?:want to )?change how you receive these .{1,80}"
    r"|(?:update|manage) (?:your |my )?(?:e-?mail )?(?:preferences|subscription).{0,60}"
    r"|(?:darse|date|dese) de baja(?: (?:de|en) (?:esta|nuestra) lista)?"
    r"|cancelar (?:mi |tu |su |sua )?(?:suscripción|assinatura).{0,60}"
    r"|se (?:désabonner|désinscrire)\b.{0,60}|descadastr\w+\b.{0,60}|dezabòne\b.{0,60}"
    r"|إلغاء الاشتراك.{0,60}"
    r"|our mailing address is\b.{0,160}|nuestra dirección postal(?: es)?\b.{0,160}"
)
_HANDING_ON = (
    r"(?:send|forward|e-?mail)(?: this| it)?(?: (?:page|post|article|story))?(?: to)? a friend"
    r"|(?:env[ií]a(?:r|lo)?|reenv[ií]a(?:r|lo)?|recomendar)(?: est[ea] \w+)? a (?:un|una) amig[oa]"
    r"|(?:envoyer|transférer|envoyez)(?: (?:cet|cette|ce) \w+)? à une? amie?"
    r"|(?:enviar|envie|encaminhar|encaminhe)(?: est[ea] \w+)? (?:a|para) uma? amig[oa]"
    r"|voye(?: l| atik la| sa)? bay yon zanmi|أرسل(?:ها|ه)? (?:إلى|ل)\s?صديق"
    r"|(?:follow|find|connect with) us (?:on|in) (?:our )?(?:social|networks|@).{0,40}"
    r"|(?:síguenos|síganos|encuéntranos|búscanos) en (?:nuestras |las )?redes(?: sociales)?.{0,30}"
    r"|(?:suivez|retrouvez)[- ]nous sur (?:nos |les )?réseaux(?: sociaux)?.{0,30}"
    r"|(?:siga(?:-nos)?|acompanhe(?:-nos)?|nos siga|encontre-nos) (?:nas|em) (?:nossas )?redes"
    r"(?: sociais)?.{0,30}|swiv nou (?:sou|nan) (?:rezo|medya).{0,30}"
    r"|تابعونا? (?:على|عبر) (?:وسائل|مواقع|شبكات|صفحاتنا).{0,40}"
)
_US = r"(?:,? (?:with us|and with our .{1,40}|con nosotr[oa]s|avec nous|conosco|avèk nou|معنا))?"
_JOINING = (
    r"(?:join|follow|subscribe to) our (?:\w+ )?(?:channel|group|list|podcast|page|community)"
    r"(?: on \w+)?"
    r"|(?:únete|únase|suscríbe[ts]e|síguenos|entra) (?:a|en) nuestr[oa] (?:canal|grupo|lista"
    r"|comunidad)(?: (?:de|en|por) \w+)?"
    r"|(?:rejoignez|suivez|abonnez-vous à) (?:notre|nos) (?:canal|chaîne|groupe|liste|communauté)"
    r"(?: (?:sur |de )?\w+)?"
    r"|(?:assine|siga|acompanhe|entre (?:em|no|na)|inscreva-se (?:em|no|na)|participe d[oa])"
    r" (?:o |a )?noss[oa] (?:canal|grupo|lista|comunidade)(?: (?:de|do|no) \w+)?"
    r"|(?:abòne|enskri|antre|rantre) (?:nan|sou) (?:lis|chanèl|kanal|gwoup|paj)(?: \w+)? nou"
    r"(?: an| la)?(?: sou \w+)?"
    r"|(?:انضم|انضموا|اشترك|اشتركوا|تابع) (?:إلى |في |على )?(?:قناتنا|مجموعتنا|قائمتنا)"
    r"(?: (?:على|في) \w+)?"
    rf"|stay (?:in the loop|in touch|connected|informed|updated|up to date){_US}"
    rf"|(?:mantente|manténgase) (?:informad[oa]|al día|al tanto|conectad[oa]|en contacto){_US}"
    rf"|rest(?:ez|er|ons) (?:informée?s?|connectée?s?|en contact|au courant){_US}"
    rf"|(?:fique|mantenha-se) (?:informad[oa]|por dentro|atualizad[oa]|em contato){_US}"
    rf"|rete (?:konekte|enfòme){_US}|(?:ابق|ابقوا) على (?:اطلاع|تواصل){_US}"
    r"|(?:get|receive) (?:our|the latest) .{1,60}\b(?:inbox|e-?mail)\b.{0,20}"
    r"|recib[ae] (?:nuestr[oa]s|las últimas) .{1,60}\b(?:correo|bandeja|e-?mail)\b.{0,30}"
    r"|rece(?:vez|voir) (?:nos|les dernières|toutes nos) .{1,60}\b(?:mail|courriel|boîte)\b.{0,30}"
    r"|receba (?:noss[oa]s|as últimas) .{1,60}\b(?:e-?mail|caixa)\b.{0,30}"
    r"|resevwa nouvèl nou .{1,60}\b(?:imèl|bwat)\b.{0,30}"
    r"|(?:احصل|استلم|تلق) (?:على )?(?:آخر )?أخبارنا .{1,60}بريد\w*"
)
_CLOCK = r"\d{1,2}[:h./]\d.{0,30}"
_MOMENTS = (
    r"(?:last|page) (?:updated?|modified|reviewed)\b ?:? .{1,40}"
    r"|(?:última|fecha de) (?:actualización|modificación)\b ?:? .{1,40}"
    r"|(?:dernière )?(?:mise à jour|modification) ?:? (?:le |il y a )?.{0,12}\d.{0,30}"
    r"|(?:última )?atualiza(?:ção|do em)\b ?:? .{1,40}|dènye mizajou\b ?:? .{1,40}"
    r"|(?:آخر تحديث|تاريخ التحديث) ?:? .{1,40}"
    rf"|(?:posted|published|written) by .{{1,60}}? (?:at|on) {_CLOCK}"
    rf"|(?:postado|publicado|escrito) por .{{1,60}}? (?:às|a las|a la|en|em|el) {_CLOCK}"
    rf"|(?:publié|rédigé|posté) par .{{1,60}}? (?:à|le) {_CLOCK}"
    rf"|(?:pibliye|ekri) pa .{{1,60}}? (?:a|nan|le) {_CLOCK}"
    rf"|نشر(?:ه|ها|ت)? .{{1,60}}? (?:في|الساعة) {_CLOCK}"
)
AROUND = re.compile(
    rf"(?:{_BLOCKS}|{_MAILS}|{_HANDING_ON}|{_JOINING}|{_MOMENTS})[\s.!…]*", re.IGNORECASE
)
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

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
    r"|if you can(?:not|['’]t) (?:see|read|view) this (?:e-?mail|message).{0,60}"
    r"|si no (?:puedes?|logras?) (?:ver|leer) (?:este|el) (?:correo|mensaje|boletín).{0,60}"
    r"|si (?:ce|cet) (?:message|mail|e-?mail|courriel) ne s['’]affiche pas.{0,60}"
    r"|se não (?:consegue|conseguir) (?:ver|visualizar|ler) est[ea] (?:e-?mail|mensagem).{0,60}"
    r"|(?:was this (?:e-?mail|newsletter|message) )?forwarded (?:to you|by a friend).{0,80}"
    r"|¿?te reenviaron este (?:correo|boletín|mensaje).{0,80}"
    r"|(?:on vous a transféré|cette lettre vous a été transférée).{0,80}"
    r"|recebeu est[ea] (?:e-?mail|mensagem) de (?:um amigo|alguém|outra pessoa).{0,60}"
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
    r"|¿?(?:quier(?:e|es) )?cambiar la forma en que recib(?:e|es) est[eo]s .{1,160}"
    r"|(?:vous )?souhaitez(?:-vous)? (?:changer|modifier) la façon dont vous recevez ces .{1,160}"
    r"|(?:quer )?(?:mudar|alterar) a forma como (?:você )?recebe (?:est|ess)es .{1,160}"
    r"|(?:our mailing address is|nuestra dirección postal(?: es)?|notre adresse postale est"
    r"|nosso endereço postal é)\b(?:.|\n){0,160}"
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
_PIECE = (
    r"(?:article|story|post|piece|page|issue|newsletter|nota|artículo|texto|entrada|boletín"
    r"|publicación|artigo|matéria|reportagem|atik|المقالة?|الخبر|القصة)"
)
_LIKED = (
    rf"(?:(?:did|do) you )?(?:like|enjoy|love|appreciate)(?:e?d)? (?:this|our|the) {_PIECE}"
    r"\? .{1,120}"
    rf"|¿?(?:te|le|les) (?:gustó|sirvió|ha gustado|fue útil) est[ea] {_PIECE}\? .{{1,120}}"
    rf"|(?:vous avez (?:aimé|apprécié) )?(?:cet|cette|notre|l['’]) ?{_PIECE}(?: vous a plu)?"
    r"\s?\? .{1,120}"
    rf"|(?:você )?gostou(?: d?(?:est[ea]|ess[ea]|[oa]) {_PIECE})?\? .{{1,120}}"
    rf"|(?:èske )?(?:ou|nou) renmen {_PIECE} (?:sa a|la|a)\? .{{1,120}}"
    rf"|هل أعجبكم? (?:هذا |هذه )?{_PIECE}؟ .{{1,120}}"
)
_NETWORK = (
    r"(?:facebook|instagram|twitter|x|tiktok|youtube|whatsapp|telegram|bluesky|threads|linkedin"
    r"|mastodon|فيسبوك|إنستغرام|انستغرام|تويتر|يوتيوب|تلغرام|واتساب)"
)
_FOLLOWING = (
    r"(?:follow|like|suivez|sigue a|siga a?|sigan a|swiv|folgen sie|تابعوا|تابع|تابعونا) \S.{0,40}?"
    rf" (?:on|sur|en|no|na|nan|sou|auf|على) {_NETWORK}"
    rf"(?:(?:,| and| y| et| e| ak| und| و)+ ?{_NETWORK})*"
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
    rf"|(?:(?:article|story) )?(?:posted|published|written) by .{{1,60}}? (?:at|on) {_CLOCK}"
    rf"|(?:(?:nota|artículo|texto|artigo|matéria) )?(?:postad|publicad|escrit)[oa] por"
    rf" .{{1,60}}? (?:às|a las|a la|en|em|el) {_CLOCK}"
    rf"|(?:(?:article|texte) )?(?:publié|rédigé|posté) par .{{1,60}}? (?:à|le) {_CLOCK}"
    rf"|(?:pibliye|ekri) pa .{{1,60}}? (?:a|nan|le) {_CLOCK}"
    rf"|نشر(?:ه|ها|ت)? .{{1,60}}? (?:في|الساعة) {_CLOCK}"
)
_NOW = (
    r"(?: (?:now|today|here|online|ya|ahora(?: mismo)?|hoy(?: mismo)?|aquí|en línea|maintenant"
    r"|aujourd['’]hui|ici|en ligne|já|agora|hoje|aqui|kounye a|jodi a|isit|الآن|اليوم|هنا))?"
)
# A button's caption whose link and class are lost. What else heads a part of an article is below.
_CAPTIONS = (
    r"(?:learn|find out|see) more|get tickets|act now"
    r"|(?:register|enroll|apply|book|rsvp|volunteer|shop|watch|listen|download) (?:now|today|here)"
    r"|(?:buy|get) (?:your )?tickets|sign (?:the|our) petition|add your name|count me in"
    rf"|(?:inscríb[ae](?:te|se)|regístr[ae](?:te|se)|apúnta(?:te|se)|súma(?:te|se)|únete){_NOW}"
    r"|(?:reserva|aparta) (?:tu|su) (?:lugar|cupo|cita)|firma (?:ahora|la petición)|actúa ahora"
    r"|(?:donar|dona|done|registrarse|inscribirse) (?:ahora|hoy|aquí)|conoce más|descubre más"
    rf"|(?:inscrivez-vous|je m['’]inscris|s['’]inscrire|je participe|agir){_NOW}|en savoir plus"
    r"|signe[zr] la pétition|réserve[zr] (?:ma|votre|sa) place"
    rf"|(?:inscreva-se|cadastre-se|participe|quero participar|garanta sua vaga){_NOW}"
    r"|assine a petição|doar agora|(?:bay|enskri|pataje|siyen|rele) (?:kounye a|jodi a|isit)"
    r"|(?:سجل|سجّل|سجلي|احجز|شارك|وقع|وقّع|تطوع) (?:الآن|هنا|اليوم)|اعرف المزيد"
)
_BELOW = r"(?:below|above|de abajo|abajo|ci-dessous|abaixo|anba|أدناه)"
_PRESSING = (
    r"(?:please )?(?:click|tap|press)(?: on)? (?:here|(?:the|this|our) (?:button|link|banner) "
    rf"{_BELOW})(?: (?:to|for|and|if) .{{1,60}})?"
    r"|ha(?:z|ga) clic (?:aquí|en el (?:botón|enlace) (?:de )?abajo)(?: (?:para|si|y) .{1,60})?"
    r"|cliquez (?:ici|sur le (?:bouton|lien) ci-dessous)(?: (?:pour|si|et) .{1,60})?"
    r"|clique (?:aqui|no (?:botão|link) abaixo)(?: (?:para|se|e) .{1,60})?"
    r"|klike (?:la a|isit(?: la)?|sou (?:bouton|lyen) ki anba a)(?: pou .{1,60})?"
    r"|(?:اضغط|انقر)(?:وا)? (?:هنا|على (?:الزر|الرابط) أدناه)(?: .{1,60})?"
)
AROUND = re.compile(
    rf"(?:{_CAPTIONS}|{_PRESSING}|{_BLOCKS}|{_MAILS}|{_HANDING_ON}|{_LIKED}|{_FOLLOWING}|{_JOINING}|{_MOMENTS})[\s.!…]*",
    re.IGNORECASE,
)

"""The words of what publishing software puts into articles, in the languages of our members.

Sources: the translations of WordPress, Jetpack and AddToAny, Substack's and Ghost's letters, and
articles of the kind in tests/pulling/items/junk. What repeats needs no phrase: see boilerplate.py.
"""

import re

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NETWORKS = """\
facebook fb twitter x whatsapp telegram linkedin pinterest reddit tumblr pocket mastodon
bluesky threads messenger instagram youtube tiktok snapchat signal flipboard vk xing
email mail correo courriel imèl print imprimir imprimer imprimante drucken فيسبوك تويتر
واتساب واتس تلغرام تيليجرام انستغرام إنستغرام إنستجرام يوتيوب تيكتوك إكس لينكدإن
"""
NETWORKS = frozenset(_NETWORKS.split())
_SHARE = """\
share shares sharing comparte compartir compártelo compartelo compartan partager
partagez partage compartilhe compartilhar partilhe partilhar pataje teilen teile
condividi شارك شاركها شاركنا شاركوا مشاركة شاركه
"""
SHARE = frozenset(_SHARE.split())
_FOLLOW = """\
follow find like síguenos siguenos síganos sigue suivez retrouvez siga siganos sigam
curta swiv folgen folge follow تابعونا تابعنا تابعوا
"""
FOLLOW = frozenset(_FOLLOW.split())
# May stand beside those without making a sentence of them.
_BESIDE = """\
this it us on via with to by the a post article story page news and or click opens in
new window loading copy link more electronic esto este esta lo en por con artículo
articulo noticia nota página entrada y o clic para haz se abre una ventana nueva
electrónico electronico enlace copiar nuestras redes sociales nos redes cet cette ce sur
par avec et ou cliquez pour ouvre dans une nouvelle fenêtre réseaux sociaux nous isto
este no na nas nos via e ou artigo notícia clique abre em nova janela sa atik la sou ak
nou klike sie uns auf mit und oder diesen beitrag artikel seite jetzt dies bei per هذا
هذه المقال الخبر المقالة الموضوع على عبر مع و في أو صفحة
"""
BESIDE = frozenset(_BESIDE.split())

RELATED = re.compile(
    r"(?:next|previous)(?: (?:post|story|article))?"
    r"|related(?: (?:posts?|articles?|stories|story|news|content|reading|coverage|links))?"
    r"|(?:read|up) next|(?:read|see) also|also read|more stories|you (?:may"
    r"|might) also (?:be interested in|like"
    r"|enjoy)"
    r"|recommended(?: (?:for you|reading|stories))?|keep reading|more (?:from|in|on) .{1,40}"
    r"|(?:recent|popular|latest) (?:posts|stories|articles|news)|don['’]t miss"
    r"|(?:artículos?|entradas|noticias|contenidos?|temas|notas|publicaciones) relacionad[oa]s?"
    r"|relacionad[oa]s?|(?:lee|lea|leer|ve|vea|ver|mira) (?:también|además)|(?:entradas"
    r"|artículos) recientes|más noticias"
    r"|(?:también )?(?:te|le) (?:puede|podría) interesar"
    r"|(?:à lire|lire|à voir|voir) (?:aussi|également)|articles? (?:similaires|connexes|liés)"
    r"|sur le même (?:sujet|thème)|vous (?:aimerez|pouvez) aussi(?: aimer)?|articles récents"
    r"|dans la même rubrique"
    r"|(?:leia|veja|confira) (?:também|mais)|(?:artigos|posts|notícias|matérias) relacionad[oa]s"
    r"|você também pode gostar|posts recentes|últimas notícias|(?:li|gade) tou|atik ki gen rapò"
    r"|lesen sie auch|lies auch|mehr zum thema|das könnte (?:sie|dich) (?:auch )?interessieren"
    r"|(?:ähnliche|verwandte) (?:beiträge|artikel)|auch interessant|(?:neueste|letzte) beiträge"
    r"|(?:اقرأ|إقرأ|اقرؤوا|شاهد) (?:أيضا|أيضاً|أيضًا|ايضا)|(?:مقالات|مواضيع|أخبار) ذات صلة"
    r"|قد (?:يعجبك|يهمك) (?:أيضا|أيضاً|أيضًا)",
    re.IGNORECASE,
)
READ_MORE = re.compile(
    r"(?:continue reading|read (?:more|on|the (?:rest|full|original)(?: (?:of this )?(?:post"
    r"|entry|article|story))?)"
    r"|keep reading|click here(?: to read(?: more)?)?|listen to this (?:post|article|story)"
    r"|(?:seguir|sigue|continuar|continúa) leyendo|(?:leer|lee|ver|saber) más|lire (?:la suite"
    r"|plus)"
    r"|en savoir plus|weiterlesen|mehr lesen|mehr erfahren|(?:leia|saiba|ler) mais"
    r"|continue (?:lendo|a ler)"
    r"|li plis|kontinye li|اقرأ المزيد|إقرأ المزيد|تابع القراءة|المزيد)",
    re.IGNORECASE,
)
# "The post … appeared first on …", as WordPress says it.
FOOTER = re.compile(
    r"(?:^|(?<=[.!?…»”\"\]])\s)(?:the post \S.{0,300}? (?:first appeared|appeared first) on"
    r"|(?:la entrada|el artículo) \S.{0,300}? (?:se publicó primero|aparece primero"
    r"|apareció primero) en"
    r"|l['’]entrada \S.{0,300}? ha aparegut primer a"
    r"|(?:l['’]article|cet article) \S.{0,300}? est apparu en premier sur"
    r"|o (?:post|artigo|conteúdo) \S.{0,300}? apareceu primeiro em"
    r"|der beitrag \S.{0,300}? erschien zuerst auf"
    r"|pòs \S.{0,300}? parèt (?:an )?premye sou"
    r"|(?:ظهرت المقالة|ظهر المقال|التدوينة) \S.{0,300}? أولاً على) \S.{0,120}$",
    re.IGNORECASE,
)
_COMMENTS = (
    r"(?:\d+|no|one|keine|aucun|sin|nenhum|pa gen|لا توجد|\d+ من)"
    r" (?:comments?|repl(?:y|ies)|comentarios?|commentaires?|comentários?|kommentare?|kòmantè"
    r"|reactions?|reacciones|réactions?|reações|reaksyon"
    r"|تعليق|تعليقات)"
    r"|(?:leave|post|add|write) a (?:comment|reply)|reply to this post|join the (?:conversation"
    r"|discussion)"
    r"|(?:deja|dejar|escribe) un comentario|(?:laisser|laissez|ajouter) un commentaire"
    r"|(?:deixe|deixar) um comentário|kite yon kòmantè|kommentar (?:schreiben|hinterlassen"
    r"|verfassen)"
    r"|(?:schreibe|hinterlasse) einen kommentar|(?:اترك|أضف) تعليق(?:ا|اً|ًا)?"
    r"|comments are closed"
)
_TURNING = (
    r"(?:previous|next|older|newer) (?:post|article|story|entry|page)s?"
    r"|(?:artículo|entrada|nota|publicación|post|artigo) (?:anterior|siguiente|seguinte|próximo)"
    r"|article (?:précédent|suivant)|(?:vorheriger|nächster) (?:beitrag|artikel)"
    r"|.{0,60}\b\d+ min(?:utes?|utos)?(?: (?:de|à))? (?:read|lectura|lecture|leitura)"
    r"|(?:was|is) this .{1,30} (?:helpful|useful)\b.{0,20}"
)
_TAGS = (
    r"(?:filed under|tagged(?: with)?|posted in|tags?|categor(?:y|ies)|etiquetas?|categorías?"
    r"|publicado en|étiquettes?|mots-clés|catégories?|publié dans|schlagwörter|kategorien?"
    r"|وسوم|الوسوم|تصنيفات) ?:.{0,200}"
    r"|(?:filed under|posted in) .{0,100}"
)
_SIGN_UP = (
    r"(?:sign up|subscribe|join|get|receive)(?: \S+){0,8}? (?:newsletters?|mailing list"
    r"|e-?mail list|inbox)"
    r"(?:$|[.,!:;?–—-].{0,120}| (?:today|now|here|to|for|and|so|every)\b.{0,120})"
    r"|(?:suscríb[ae](?:te|se)|inscríb[ae](?:te|se)|regístrate|recib[ea])(?: \S+){0,8}?"
    r" (?:boletín|boletines|newsletter|lista de correo)\b.{0,120}"
    r"|(?:abonnez-vous|inscrivez-vous|recevez)(?: \S+){0,8}?"
    r" (?:newsletter|(?:lettre|bulletin) d['’]informations?|infolettre|lettre)\b.{0,120}"
    r"|(?:assine|inscreva-se|cadastre-se|receba)(?: \S+){0,8}? (?:newsletter|boletim)\b.{0,120}"
    r"|(?:enskri|abòne)(?: \S+){0,8}? (?:bilten|nyouzletè|newsletter)\b.{0,120}"
    r"|newsletter (?:abonnieren|bestellen)|(?:abonnieren sie"
    r"|melden sie sich)(?: \S+){0,8}? newsletter\b.{0,80}"
    r"|(?:اشترك|اشتركوا|سجل)(?: \S+){0,6}? (?:نشرتنا|النشرة|نشرة|القائمة)(?: \S+){0,6}"
    r"|(?:enter )?your e-?mail(?: address)?|(?:tu|su) (?:correo electrónico|email)"
    r"|votre (?:adresse )?e-?mail"
    r"|seu e-?mail|ihre e-?mail-?adresse"
    r"|by (?:signing up|subscribing),? you agree .{0,120}"
    r"|.{1,60} is a reader-supported publication\b.{0,160}"
    r"|thanks for reading\b.{0,60}[!.] (?:this post is public|subscribe for free)\b.{0,120}"
    r"|(?:gracias por leer|merci d['’]avoir lu|obrigad[oa] por ler)\b.{0,60}[!.]"
    r" (?:suscríb[ae](?:te|se)|abonnez-vous|inscreva-se|assine)\b.{0,120}"
    r"|we respect your privacy|respetamos (?:tu|su) privacidad|nous respectons votre vie privée"
    r"|respeitamos (?:a )?sua privacidade"
)
_COOKIES = (
    r"(?:.{0,60} )?(?:this (?:web)?site|our (?:web)?site|we) uses? cookies\b.{0,300}"
    r"|(?:este sitio|esta (?:web|página)|usamos|utilizamos"
    r"|este site)(?: \S+){0,4}? cookies\b.{0,300}"
    r"|(?:ce site|nous)(?: \S+){0,3}? (?:utilise|utilisons) des cookies\b.{0,300}"
    r"|(?:diese (?:web)?(?:site|seite)|wir) (?:verwendet|verwenden|nutzt|nutzen"
    r"|benutzt)(?: \S+){0,3}? cookies\b.{0,300}"
    r"|sit sa a (?:itilize|sèvi ak) (?:cookies|koukiz)\b.{0,300}"
    r"|يستخدم (?:هذا )?الموقع(?: \S+){0,4}? (?:الارتباط|كوكيز).{0,300}"
)
# A whole passage that is one of these is software's or a form's, wherever it stands.
NOTICE = re.compile(
    rf"(?:{_COMMENTS}|{_TURNING}|{_TAGS}|{_SIGN_UP}|{_COOKIES}|like this"
    r"|(?:donate|give|subscribe|join|sign up)(?: (?:now|today|here|online))?"
    r"|(?:dona|done|suscríbete)(?: (?:ahora|hoy|aquí))?|faire un don|je fais un don|jetzt spenden"
    r"|doe(?: agora)?|تبرع(?: الآن)?|(?:©|\(c\)|copyright) .{0,100}"
    r"|download pdf|skip to (?:main )?content"
    r"|advertisement|publicidad|publicité"
    r"|anzeige)",
    re.IGNORECASE,
)
GIVE = re.compile(
    r"(?:please )?(?:donate|give|support (?:us|our|this|independent)|make a (?:\S+ )?(?:gift"
    r"|donation)|chip in"
    r"|become a (?:member|supporter)|help us)\b"
    r"|(?:por favor )?(?:dona|done|apoya|apóya|apoye|ayúda|ayude|haz (?:un|tu) don|haga (?:un"
    r"|su) don)"
    r"|(?:faites un don|soutene[zr]|aidez-nous|donnez)|(?:faça (?:uma|sua) doação|doe|apoie"
    r"|ajude)\b"
    r"|(?:fè yon don|sipòte|ede nou)|(?:spenden sie|jetzt spenden|unterstützen sie|unterstütze)"
    r"|(?:تبرع|تبرعوا|ادعم|ادعموا|ساهم)",
    re.IGNORECASE,
)
LAWYER = re.compile(
    r"(?:(?:do you )?need|looking for) (?:an? )?(?:[\w-]+ ){0,3}(?:lawyer|attorney|legal help)"
    r"|facing (?:deportation|removal|eviction)"
    r"|¿?(?:necesitas?|buscas?) (?:un |una )?(?:abogad[oa]|ayuda legal)"
    r"|(?:vous avez )?besoin d['’]une? avocate?|precisa de (?:um |uma )?advogad[oa]"
    r"|(?:èske )?ou bezwen yon avoka|brauchen sie (?:einen |eine )?(?:\S+ )?anw[aä]lt(?:in)?"
    r"|هل تحتاج(?:ون)? إلى محام",
    re.IGNORECASE,
)
# Those of a law office say what it costs, and its number; whose it is they need not say.
ACCIDENT = re.compile(
    r"(?=.*\b(?:abogad[oa]s?|bufete|attorneys?|lawyers?|law)\b)(?=.*\b(?:free\b|grat))(?=.*\d{3})"
    r"(?:(?:were you |have you been )?(?:hurt|injured) in an? (?:\w+ )?accident"
    r"|¿?(?:tuvo|tuviste|sufrió|sufriste|ha tenido|has tenido) un accidente)[^?]{0,60}\?",
    re.IGNORECASE,
)
OURS = re.compile(
    r"\b(?:our|us|we|nuestr[oa]s?|nos|llámanos|contáctanos|notre|nos|nous|nossa?s?|nosso|unser\w*"
    r"|uns|nou)\b|نا\b",
    re.IGNORECASE,
)

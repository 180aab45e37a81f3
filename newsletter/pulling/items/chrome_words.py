"""The vocabulary of what sites put around articles: a passage of nothing else is no article's.

English, Spanish, French, Portuguese, Haitian Creole, German, Arabic; casefolded. From the
translations of WordPress, Jetpack, AddToAny, Blogger and Substack.
"""

# Say what a passage is for, where no other word of it speaks of anything else.
_CALLS = """\
share tweet retweet newsletter newsletters subscribe subscribing subscriber subscribers
subscription
unsubscribe inbox comment comments reply replies donate donation donations cookie cookies
loading
permalink trackback trackbacks pingbacks reserved consultation bookmark posts pin
comparte compartir compártelo compártela comparta compartan suscríbete suscribirse suscríbase
suscripción suscriptores boletín boletines comentario comentarios comentar respuesta dona donar
done
donación donaciones donativo cargando imprimir reservados etiquetas gusta consulta
partager partagez abonnez abonnés abonnement infolettre commentaire commentaires répondre
réponse
don dons chargement imprimer réservés étiquettes j'aime
compartilhe compartilhar partilhe assine assinantes boletim comentário comentários resposta doe
doar
doação doações carregando curtir curta
únete pataje enskri abòne bilten nyouzletè kòmantè repons
teilen teile abonnieren abonniere abonnenten kommentar kommentare antworten antwort spenden
spende
geladen drucken vorbehalten gefällt
شارك للمشاركة مشاركة اشترك الاشتراك للاشتراك نشرتنا النشرة البريدية تعليق
تعليقات تعليقا تعليقاً رد تبرع تبرعوا للتبرع التبرع تحميل طباعة محفوظة
journalism shared email mail commenter courriel e-mail veröffentlicht publiée"""
# May stand beside those.
_BESIDE = """\
click here print link links page pages post article articles story stories news site website web
blog
latest new more read reading continue previous next older newer related recent popular follow
find
join sign free get receive send delivered notifications updates alerts address email name
required
fields marked published view friend friends week week's weekly daily every today now month
monthly
monday tuesday wednesday thursday friday saturday sunday morning
top stay informed helpful useful enjoyed enjoy liked like support work reporting journalism
independent possible made readers reader members become gift give consider tax deductible please
help helps needs someone thank thanks window opens open copy social media first privacy policy
agree rights list mailing contact office call questions case lawyer attorney legal need cancel
leave add write be see other others great keep going coming contribution today's via
haz clic aquí enlace página entrada entradas artículo nota noticia noticias sitio web últimas
nuevo
nueva nuevas nuevos más leer sigue seguir gratis recibe recibir enviar correo electrónico
email nombre obligatorios campos publicado publicar publicada ver amigos amigas semana semanal
semanales diario hoy ahora mes gustó esta apoyo apoya apoyar apóyanos trabajo periodismo posible
favor ayuda ayúdanos gracias abre ventana copiar redes sociales primero derechos lista contacto
llama llámanos preguntas caso abogado abogada necesitas deja dejar escribe cancelar dirección
cliquez cliquer ici lien lire suite actualité actualités site nouveau nouvel nouveaux nouvelle
suivez recevez recevoir adresse mail courriel nom obligatoires champs publié voir amis semaine
hebdomadaire aujourd'hui soutenez soutenir travail merci ouvre fenêtre copier réseaux sociaux
droits informé restez inscrivez gratuit laisser annuler faire faites ajouter écrire c'est
clique aqui postagem artigo notícia notícias novo nova novas mais ler siga receba endereço nome
obrigatórios
publicado amigos semana semanal agora apoie apoiar trabalho jornalismo obrigado abre janela
redes
direitos gostou deixe deixar cancelar escreva adicionar grátis inscreva isso faça
klike lyen paj atik nouvèl swiv resevwa semèn chak zanmi mèsi kounye ede fè kite ekri
klick klicken hier seite beitrag artikel neu neue neuem neuen neues mehr lesen folge folgen
erhalten
adresse e-mail freunde freunden woche wöchentlich jetzt unterstütze unterstützen arbeit danke
fenster geöffnet rechte melde anmelden informiert schreiben schreibe hinterlassen hinterlasse
انقر اضغط هنا رابط صفحة مقال المقال خبر الخبر أخبار جديد جديدة نافذة فتح المزيد اقرأ تابع
تابعونا بريد الإلكتروني البريد الأسبوعية أسبوع اليوم الآن ادعم دعم عملنا لدعم حقوق الحقوق جميع
تنس
اترك أضف إلغاء
local alive times download pdf yes avez aimé apprécié plu أصدقائك أصدقاءك الأصدقاء informando
soyez premier sera indiqués será marcados
erforderliche felder markiert immer bleiben bestellen"""
# Carry no meaning of their own.
_STOP = """\
a an the this that these those it its to of in on at by for from with and or but if so we our us
you
your all any about who what is are be was were will can do did does have has had not no don't up
as
there they their one just also too when how
el la los las lo un una unos unas de del al en con por para y o u e si no que se te tu tus su
sus me mi
nos nuestro nuestra nuestros nuestras es son hay esto este ese eso qué como ya también todos
todas le
le les l d de du des à au aux un une et ou si en dans par pour sur avec ce cet cette ces ne pas
que qui
se s te tu votre vos vous nous notre nos est sont ça je j tous toutes aussi
o a os as um uma do da dos das no na nos nas em com por para e ou se que não seu sua seus suas
nosso
nossa nossos você vocês é são este esta isto todos todas também
nou ou li yo sa ki pou ak nan an la sou yon pa se epi tout
der die das dem den des ein eine einen einem einer und oder zu um im in am an auf für mit von
bei bitte
sie dich dir du dein deine ihr ihre wir uns unser unsere unseren unserem mir ist sind wird
werden nicht
alle es auch
في من على إلى عن مع هذا هذه ذلك و أو لا ما لنا نحن أن إن كل
sé"""

CALLS = frozenset(_CALLS.split())
BESIDE = frozenset(_BESIDE.split())
STOP = frozenset(_STOP.split())

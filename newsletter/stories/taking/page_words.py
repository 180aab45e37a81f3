"""What the story pages say around the questions, in English and Spanish."""

PAGE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Tell your story",
        "lead": "You decide what is told, where and for how long. You can stop at any point.",
        "exit": "Leave this page now",
        "exit_note": "Opens another site. It does not clear your browser's history.",
        "nothing_kept": "Nothing you write is kept on this device.",
        "yes": "Yes",
        "no": "No",
        "send": "Send it, locked",
        "error": "Error",
        "again": "Please look at this again",
        "missing": "Please answer this",
        "too_long": "This is too long",
        "markup": "Please write it without < and >",
        "choice": "Please choose one of these",
        "name": "Please say which name we may print",
        "nowhere": "Please say yes to at least one",
        "minor": "Both yeses are needed for someone under 18",
        "picture": "This is not a picture we can read, or it is too large. Try a JPEG under 10 MB.",
        "closed_title": "We cannot take stories here now",
        "closed": "Nothing you wrote was kept. Please ask us to write it down with you.",
        "refused_title": "We cannot take this story",
        "withdrawn": "This story was taken back before, so it is not kept. If you want to tell it "
        "after all, please ask us.",
        "known": "We have this story already. Your code is the one you were shown then.",
        "receipt_title": "We have your story. It is locked.",
        "receipt_lead": "This is your code. Write it down on paper, where only you look. It is "
        "shown this once.",
        "type_back": "Now type the code, so that we both know it is written down right",
        "check": "Check it",
        "wrong_code": "That is not the same code. Please compare letter by letter.",
        "right_title": "That is right",
        "right": "You can close this page now. With the code you can take your story back at any "
        "time.",
        "machine": "The same for a computer (JSON)",
        "withdraw_title": "Take your story back",
        "withdraw_lead": "Type your code. We stop using your story at once and delete it. You do "
        "not have to say why.",
        "code": "Your code",
        "withdraw": "Take it back",
        "withdrawn_title": "Your story is taken back",
        "withdrawn_done": "Nothing that we send or publish from now on carries it, and what you "
        "wrote is deleted. What was sent by email before stays in people's mailboxes; nobody can "
        "call it back.",
        "told": "These groups had leave to reprint it. Now we ask them to take it down: ",
        "unknown_code": "This code is not known here. Please look again at each letter. If your "
        "story was taken back before, there is nothing more to do.",
    },
    "es": {
        "title": "Cuente su historia",
        "lead": "Usted decide qué se cuenta, dónde y por cuánto tiempo. Puede parar cuando quiera.",
        "exit": "Salir de esta página ya",
        "exit_note": "Abre otro sitio. No borra el historial de su navegador.",
        "nothing_kept": "Nada de lo que escribe se guarda en este aparato.",
        "yes": "Sí",
        "no": "No",
        "send": "Enviar bajo llave",
        "error": "Error",
        "again": "Por favor, revise esto",
        "missing": "Por favor, responda esto",
        "too_long": "Esto es demasiado largo",
        "markup": "Por favor, escríbalo sin < ni >",
        "choice": "Por favor, elija una de estas opciones",
        "name": "Por favor, diga qué nombre podemos publicar",
        "nowhere": "Por favor, diga sí al menos a una opción",
        "minor": "Si la persona tiene menos de 18 años, hacen falta los dos síes",
        "picture": "No podemos leer esta imagen, o es muy grande. Pruebe con un JPEG de menos de "
        "10 MB.",
        "closed_title": "Ahora no podemos recibir historias aquí",
        "closed": "No se guardó nada de lo que escribió. Pídanos que la escribamos juntos.",
        "refused_title": "No podemos recibir esta historia",
        "withdrawn": "Esta historia se retiró antes, así que no se guarda. Si la quiere contar de "
        "todos modos, pregúntenos.",
        "known": "Ya tenemos esta historia. Su código es el que le mostramos entonces.",
        "receipt_title": "Tenemos su historia. Está bajo llave.",
        "receipt_lead": "Este es su código. Escríbalo en un papel que solo usted vea. Se "
        "muestra solo esta vez.",
        "type_back": "Ahora escriba aquí el código, para comprobar que lo anotó bien",
        "check": "Comprobar",
        "wrong_code": "No es el mismo código. Por favor, compare letra por letra.",
        "right_title": "El código está bien",
        "right": "Ya puede cerrar esta página. Con el código puede retirar su historia cuando "
        "quiera.",
        "machine": "Lo mismo para una computadora (JSON)",
        "withdraw_title": "Retire su historia",
        "withdraw_lead": "Escriba su código. Dejamos de usar su historia de inmediato y la "
        "borramos. No tiene que decir por qué.",
        "code": "Su código",
        "withdraw": "Retirarla",
        "withdrawn_title": "Su historia está retirada",
        "withdrawn_done": "Nada de lo que enviemos o publiquemos desde ahora la lleva, y lo que "
        "escribió está borrado. Lo que ya se envió por correo queda en los buzones; nadie lo puede "
        "recuperar.",
        "told": "Estos grupos tenían permiso de reproducirla. Ahora les pedimos que la quiten: ",
        "unknown_code": "No conocemos este código. Por favor, revise cada letra. Si su "
        "historia ya se retiró, no hay nada más que hacer.",
    },
}

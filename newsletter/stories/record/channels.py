"""The channels of a consent in the languages of its notice."""

from newsletter.model.consent import Channel

CHANNELS = {
    "en": {
        Channel.EMAIL_EXCERPT: "the short part by email",
        Channel.EMAIL_FULL: "all of it by email",
        Channel.WEB_ARCHIVE: "on our website",
        Channel.SOCIAL: "on social media",
        Channel.PRESS: "to journalists",
    },
    "es": {
        Channel.EMAIL_EXCERPT: "la parte corta por correo",
        Channel.EMAIL_FULL: "toda la historia por correo",
        Channel.WEB_ARCHIVE: "en nuestro sitio web",
        Channel.SOCIAL: "en redes sociales",
        Channel.PRESS: "a periodistas",
    },
}

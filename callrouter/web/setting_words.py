"""What each setting means, in both languages, and what may be shown of it."""

from functools import partial

from callrouter.settings import Settings
from callrouter.web.shown_setting import Shown

_secret = partial(Shown, is_secret=True)


def _database(settings: Settings) -> str:
    """Without user and password."""
    scheme, _, rest = settings.storage.database_url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


SETTINGS: tuple[Shown, ...] = (
    Shown(
        "CALLROUTER_PUBLIC_URL",
        "Adressen där operatören når tjänsten.",
        "The address at which the provider reaches the service.",
        lambda s: s.public_url,
    ),
    _secret(
        "CALLROUTER_SECRET_KEY",
        "Förseglar samtalens läge i adresserna och numren i bufferten.",
        "Seals the state of calls in addresses, and the numbers in the spool.",
        lambda s: s.secret_key,
    ),
    _secret(
        "CALLROUTER_SECRET_KEY_OLD",
        "Nyckeln före, under ett byte.",
        "The key before, during a rotation.",
        lambda s: s.old_secret_key,
    ),
    _secret(
        "CALLROUTER_PRIVACY_KEY",
        "Gör uppringares nummer till nycklar som inte kan läsas tillbaka.",
        "Turns callers' numbers into keys that cannot be read back.",
        lambda s: s.privacy_key,
    ),
    Shown(
        "CALLROUTER_LAST_RESORT",
        "Numret som rings när inget schema någonsin har laddats.",
        "The number that is rung when no schedule has ever loaded.",
        lambda s: s.last_resort.masked if s.last_resort else None,
    ),
    _secret(
        "TWILIO_ACCOUNT_SID",
        "Kontot hos operatören.",
        "The account at the provider.",
        lambda s: s.twilio.account_sid,
    ),
    _secret(
        "TWILIO_AUTH_TOKEN",
        "Kontots hemlighet.",
        "The secret of the account.",
        lambda s: s.twilio.auth_tokens,
    ),
    _secret(
        "TWILIO_AUTH_TOKEN_NEXT",
        "Nästa hemlighet, under ett byte.",
        "The next secret, during a rotation.",
        lambda s: s.twilio.auth_tokens[1:],
    ),
    Shown(
        "TWILIO_REGION",
        "Var operatörens gränssnitt frågas, till exempel ie1.",
        "Where the provider's interface is asked, such as ie1.",
        lambda s: s.twilio.region,
    ),
    Shown(
        "TWILIO_EDGE",
        "Genom vilken ort det nås, till exempel dublin.",
        "Through which place that is reached, such as dublin.",
        lambda s: s.twilio.edge,
    ),
    Shown(
        "TWILIO_SECOND_REGION",
        "En andra region där samtal kan tas om hand.",
        "A second region in which calls may be handled.",
        lambda s: s.twilio.second.region if s.twilio.second else None,
    ),
    Shown(
        "TWILIO_SECOND_EDGE",
        "Var den nås.",
        "Where that is reached.",
        lambda s: s.twilio.second.edge if s.twilio.second else None,
    ),
    _secret(
        "TWILIO_SECOND_AUTH_TOKEN",
        "Kontots hemlighet där.",
        "The secret of the account there.",
        lambda s: s.twilio.second,
    ),
    _secret(
        "TWILIO_SECOND_AUTH_TOKEN_NEXT",
        "Nästa hemlighet där, under ett byte.",
        "The next secret there, during a rotation.",
        lambda s: s.twilio.second.auth_tokens[1:] if s.twilio.second else None,
    ),
    Shown(
        "CALLROUTER_SMTP_HOST",
        "E-postservern, där meddelanden lämnas.",
        "The mail server, where notices are handed over.",
        lambda s: s.notices.mail.place if s.notices.mail else None,
    ),
    Shown(
        "CALLROUTER_SMTP_SECURITY",
        "Hur förbindelsen dit skyddas.",
        "How the connection to it is secured.",
        lambda s: s.notices.mail.security if s.notices.mail else None,
    ),
    _secret(
        "CALLROUTER_SMTP_USER",
        "Namnet vid inloggningen där.",
        "The name to sign in with there.",
        lambda s: s.notices.mail and s.notices.mail.user,
    ),
    _secret(
        "CALLROUTER_SMTP_PASSWORD",
        "Lösenordet till det.",
        "The password that goes with it.",
        lambda s: s.notices.mail and s.notices.mail.password,
    ),
    Shown(
        "CALLROUTER_MAIL_FROM",
        "Adressen som e-post kommer från.",
        "The address that mail comes from.",
        lambda s: s.notices.mail.sender if s.notices.mail else None,
    ),
    Shown(
        "CALLROUTER_SMS_FROM",
        "Numret eller namnet som sms kommer från.",
        "The number or name that SMS come from.",
        lambda s: s.notices.sms_sender,
    ),
    Shown(
        "CALLROUTER_SCHEDULE",
        "Schemafilen, eller ordet database.",
        "The schedule file, or the word database.",
        lambda s: s.schedule,
    ),
    Shown(
        "CALLROUTER_DATA_DIR",
        "Där data sparas.",
        "Where data is kept.",
        lambda s: s.storage.data_dir,
    ),
    Shown(
        "CALLROUTER_SPOOL_DIR",
        "Där händelser väntar när databasen är borta.",
        "Where events wait while the database is gone.",
        lambda s: s.storage.spool_dir,
    ),
    Shown(
        "CALLROUTER_DATABASE_URL",
        "Databasen, här utan användare och lösenord.",
        "The database, here without user and password.",
        _database,
    ),
    Shown(
        "DATABASE_URL",
        "Samma sak, som driftplattformar anger den; den ovan går före.",
        "The same, as hosting platforms set it; the one above goes first.",
        lambda _: None,
    ),
    Shown(
        "CALLROUTER_THREADS",
        "Hur många anrop utöver samtalens varje process besvarar samtidigt. Sidor får hälften.",
        "How many requests besides those of calls each process answers at once. Pages get half.",
        lambda s: s.threads,
    ),
    Shown(
        "CALLROUTER_PROXIES",
        "Hur många proxyer som står framför.",
        "How many proxies stand in front.",
        lambda s: s.web.proxies,
    ),
    Shown(
        "CALLROUTER_LOG_FORMAT",
        "Hur loggrader skrivs: json, text eller auto.",
        "How log lines are written: json, text or auto.",
        lambda s: s.health.log_format,
    ),
    _secret(
        "CALLROUTER_METRICS_TOKEN",
        "Den som visar den får läsa mätvärden och läge.",
        "Whoever shows it may read metrics and readiness.",
        lambda s: s.health.metrics_token,
    ),
    _secret(
        "CALLROUTER_SENTRY_DSN",
        "Dit fel rapporteras, utan nummer.",
        "Where errors are reported to, without numbers.",
        lambda s: s.health.sentry_dsn,
    ),
    Shown(
        "CALLROUTER_OTLP_ENDPOINT",
        "Dit det berättas hur lång tid varje svar tog, utan nummer.",
        "Where it is told how long each answer took, without numbers.",
        lambda s: s.health.otlp_endpoint,
    ),
    Shown(
        "CALLROUTER_OIDC_ISSUER",
        "Organisationens inloggningstjänst.",
        "The organisation's identity provider.",
        lambda s: s.web.identity_provider and s.web.identity_provider.issuer,
    ),
    Shown(
        "CALLROUTER_OIDC_CLIENT_ID",
        "Namnet som den känner tjänsten under.",
        "The name by which it knows this service.",
        lambda s: s.web.identity_provider and s.web.identity_provider.client_id,
    ),
    _secret(
        "CALLROUTER_OIDC_CLIENT_SECRET",
        "Hemligheten som hör till.",
        "The secret that goes with it.",
        lambda s: s.web.identity_provider and s.web.identity_provider.client_secret,
    ),
    Shown(
        "CALLROUTER_OIDC_NAME",
        "Uppgiften som är användarens namn här.",
        "The claim that is a user's name here.",
        lambda s: s.web.identity_provider and s.web.identity_provider.name_claim,
    ),
    Shown(
        "CALLROUTER_ORGANISATION",
        "Vem som ansvarar för tjänsten, på de offentliga sidorna.",
        "Who answers for the service, on the public pages.",
        lambda s: s.web.organisation.name,
    ),
    Shown(
        "CALLROUTER_CONTACT",
        "Vart man vänder sig: e-post, telefon eller en webbadress.",
        "Whom to turn to: a mail address, a telephone number or an address of a page.",
        lambda s: s.web.organisation.contact,
    ),
    Shown(
        "CALLROUTER_DATA_PROTECTION_OFFICER",
        "Hur man når dataskyddsombudet.",
        "How to reach the data protection officer.",
        lambda s: s.web.organisation.data_protection_officer,
    ),
    Shown(
        "CALLROUTER_LEGAL_BASIS",
        "Den rättsliga grunden för att behandla uppgifterna.",
        "The legal basis for processing the data.",
        lambda s: s.web.organisation.legal_basis,
    ),
    Shown(
        "CALLROUTER_PROCESSORS",
        "Vilka fler som behandlar uppgifterna, med semikolon emellan.",
        "Who else processes the data, semicolons between them.",
        lambda s: s.web.organisation.processors,
    ),
    Shown(
        "CALLROUTER_ACCESSIBILITY",
        "Hur sidorna uppfyller lagen om tillgänglighet: full, partly eller not.",
        "How far the pages fulfil the law on accessibility: full, partly or not.",
        lambda s: s.web.organisation.accessibility,
    ),
    Shown(
        "CALLROUTER_ACCESSIBILITY_ASSESSED",
        "Dagen då tillgängligheten bedömdes.",
        "The day on which accessibility was assessed.",
        lambda s: s.web.organisation.assessed,
    ),
    Shown(
        "CALLROUTER_PUBLISHED",
        "Dagen då sidorna publicerades.",
        "The day on which the pages were published.",
        lambda s: s.web.organisation.published,
    ),
)
"""In the order of the README."""

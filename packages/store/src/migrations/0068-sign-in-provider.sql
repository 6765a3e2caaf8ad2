-- Whom the agency's own sign-in (OpenID Connect) speaks of: its subject, and the account here.
create table provider_identity (
  issuer text not null,
  subject text not null,
  account uuid not null references account,
  created_at timestamptz not null,
  primary key (issuer, subject)
);
create unique index provider_identity_account on provider_identity (account);

-- Sign-ins under way. The browser holds the secret, everything else follows from it; a row answers once.
create table provider_attempt (
  secret_sha256 bytea primary key,
  -- Set where somebody who is signed in connects their account; null where somebody signs in.
  account uuid references account,
  expires_at timestamptz not null
);

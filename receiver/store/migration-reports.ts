/** Reports: the syndromic groups by versions, what was made, its files apart, and what is to be mailed. */
export const reports = `
create table syndrome_version (
  version integer primary key,
  at      integer not null,
  person  text    not null,
  reason  text    not null check (length(reason) between 1 and 500),
  groups  text    not null
) strict;

-- facility null: the whole region. Times in epoch ms.
create table report (
  id             integer primary key,
  kind           text    not null check (kind in ('daily', 'weekly', 'monthly')),
  facility       text    references facility (finess),
  from_day       integer not null,
  to_day         integer not null,
  language       text    not null check (language in ('fr', 'en')),
  origin         text    not null check (origin in ('schedule', 'person')),
  author         text    not null,
  made_at        integer not null,
  groups_version integer not null,
  coverage       text    not null,
  pdf            text    not null check (pdf in ('unasked', 'made', 'failed')),
  pdf_code       text,
  check (from_day <= to_day)
) strict;
-- add: the schedule makes each report once; isMade
create unique index report_once on report (kind, coalesce(facility, ''), from_day, language)
 where origin = 'schedule';
-- list
create index report_scope on report (coalesce(facility, ''), id);
create index report_kind on report (kind, id);
-- reportsBefore, purgeReports, wishedSince
create index report_age on report (made_at);

create table report_file (
  report  integer not null references report (id) on delete cascade,
  form    text    not null check (form in ('html', 'csv', 'pdf', 'json')),
  content blob    not null,
  primary key (report, form)
) strict;

create table report_mail (
  id       integer primary key,
  report   integer not null references report (id) on delete cascade,
  address  text    not null,
  state    text    not null check (state in ('pending', 'sending', 'sent', 'failed')),
  attempts integer not null,
  due_at   integer not null,
  sent_at  integer,
  code     text,
  identity text    not null,
  unique (report, address)
) strict;
-- hasDue, claim
create index report_mail_due on report_mail (due_at, id) where state = 'pending';
-- recover
create index report_mail_sending on report_mail (id) where state = 'sending';

create table report_schedule (
  kind   text    not null primary key check (kind in ('daily', 'weekly', 'monthly')),
  due_at integer not null
) strict, without rowid;
`;

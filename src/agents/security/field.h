/* field: what a field of a form asks for, told by its type, autocomplete, name and id. Pure. */
#ifndef AGENTS_SECURITY_FIELD_H
#define AGENTS_SECURITY_FIELD_H

#include "agnostic/probe/html.h"

/* Each is false for buttons; the first three also for hidden fields. */
bool field_is_password(const struct html_field *field);
bool field_is_email(const struct html_field *field);
/* E-mail, telephone, a person's name, birth date or address. A mere "name" may be of anything. */
bool field_is_personal(const struct html_field *field);
/* The number or security code of a payment card. */
bool field_is_card(const struct html_field *field);
/* An anti-forgery token: hidden, with such a name or a random value. */
bool field_is_token(const struct html_field *field);

#endif

/* key: what the commands about keys print, whichever way they took. */
#ifndef CTL_KEY_H
#define CTL_KEY_H

/* key_print_fresh(key, id, role): the key alone on stdout, so that it can be captured; the
 * rest on stderr. */
void key_print_fresh(const char *key, const char *id, const char *role);

/* One line of the list; strings are shown safely, NULL and "" as "-". */
struct key_line {
    const char *id, *role, *status, *created_at, *expires_at, *description;
};
/* key_print_line(line): NULL prints the heading. */
void key_print_line(const struct key_line *line);

#endif

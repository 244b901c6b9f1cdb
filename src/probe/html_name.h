/* html_name: what an element is called for those who do not see it: the accessible name, as far as
 * HTML alone gives it (W3C, "Accessible Name and Description Computation 1.2", abridged). Private
 * to html_access. */
#ifndef PROBE_HTML_NAME_H
#define PROBE_HTML_NAME_H

#include "probe/html_parts.h"

/* Whether an element says anything: found out once, however many refer to it. */
enum html_name_voice { HTML_NAME_UNHEARD, HTML_NAME_SILENT, HTML_NAME_SPEAKS };

/* Elements by a text: their id, or the id that a label is for. */
struct html_name_entry {
    struct text key;
    const GumboNode *node;
    enum html_name_voice says; /* of labels for one id together, in the first of them */
};
struct html_name_index {
    struct html_name_entry *ids, *labels; /* in order of their keys */
    size_t id_count, label_count;
    struct html_name_entry *around; /* the label around the last field that was asked about */
};

/* html_name_index(html, &index): ERR_NOMEM. html_name_done frees. */
enum err html_name_index(const struct html *html, struct html_name_index *ret_index);
void html_name_done(struct html_name_index *index);

/* html_name_hides(node): it says itself that it, with all in it, is not there for people. */
bool html_name_hides(const GumboNode *node);
/* html_name_has_text(node): some text in it, or what stands for it, is not blank. */
bool html_name_has_text(const GumboNode *node);
/* html_name_is_labelled(index, node): by aria-labelledby, aria-label or title. */
bool html_name_is_labelled(const struct html_name_index *index, const GumboNode *node);
/* html_name_has_label(index, node): a <label> for it, or around it, has text. */
bool html_name_has_label(const struct html_name_index *index, const GumboNode *node);
/* html_name_is_repeated(index, id): more than one element has it. */
bool html_name_is_repeated(const struct html_name_index *index, struct text id);

#endif

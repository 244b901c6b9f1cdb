/* Events of libyaml, written down as they come: no tree, nothing that could be expanded. */
#include "probe/yaml_json.h"

#include <yaml.h>

#include "agnostic/base/json.h"

struct writing {
    struct json_out out;
    bool in_mapping[YAML_JSON_DEPTH_MAX];
    bool wants_name[YAML_JSON_DEPTH_MAX];
    unsigned depth;
    bool done;
};

/* Is a name what comes next? Whatever comes counts. */
static bool yaml_next_is_name(struct writing *writing) {
    unsigned at = writing->depth - 1;
    if (writing->depth == 0 || !writing->in_mapping[at])
        return false;
    bool name = writing->wants_name[at];
    writing->wants_name[at] = !name;
    return name;
}

static bool yaml_is_bare(struct text text) {
    static const struct json_limits SCALAR = {1, 1, 1};
    if (text_is(text, "true") || text_is(text, "false") || text_is(text, "null"))
        return true;
    return text.len > 0 && (text.ptr[0] == '-' || (text.ptr[0] >= '0' && text.ptr[0] <= '9')) &&
           json_check(text, &SCALAR, NULL) == ERR_OK;
}

static enum err yaml_scalar(struct writing *writing, const yaml_event_t *event) {
    struct text text = text_make((const char *)event->data.scalar.value, event->data.scalar.length);
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (yaml_next_is_name(writing))
        json_out_name_text(&writing->out, text);
    else if (plain && (text.len == 0 || text_is(text, "~")))
        json_out_null(&writing->out);
    else if (plain && yaml_is_bare(text))
        json_out_raw(&writing->out, text);
    else
        json_out_text(&writing->out, text);
    writing->done |= writing->depth == 0;
    return ERR_OK;
}

static enum err yaml_open(struct writing *writing, bool mapping) {
    if (yaml_next_is_name(writing))
        return ERR_SYNTAX;
    if (writing->depth == YAML_JSON_DEPTH_MAX)
        return ERR_TOO_LARGE;
    writing->in_mapping[writing->depth] = writing->wants_name[writing->depth] = mapping;
    writing->depth++;
    if (mapping)
        json_out_object(&writing->out);
    else
        json_out_array(&writing->out);
    return ERR_OK;
}

static enum err yaml_close(struct writing *writing, bool mapping) {
    if (mapping)
        json_out_end_object(&writing->out);
    else
        json_out_end_array(&writing->out);
    writing->depth--;
    writing->done |= writing->depth == 0;
    return ERR_OK;
}

static enum err yaml_event(struct writing *writing, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return yaml_scalar(writing, event);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return yaml_open(writing, event->type == YAML_MAPPING_START_EVENT);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return yaml_close(writing, event->type == YAML_MAPPING_END_EVENT);
    case YAML_ALIAS_EVENT:
    case YAML_STREAM_END_EVENT:
        return ERR_SYNTAX;
    default:
        return ERR_OK;
    }
}

enum err yaml_json(struct text text, struct buf *buf, struct fault *ret_fault) {
    struct writing writing = {.depth = 0};
    yaml_parser_t parser;
    yaml_event_t event;
    enum err err = ERR_OK;
    if (!yaml_parser_initialize(&parser))
        return fault_set(ret_fault, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    json_out_init(&writing.out, buf);
    while (err == ERR_OK && !writing.done) {
        if (!yaml_parser_parse(&parser, &event)) {
            err = parser.error == YAML_MEMORY_ERROR ? ERR_NOMEM : ERR_SYNTAX;
            break;
        }
        err = yaml_event(&writing, &event);
        yaml_event_delete(&event);
        if (err == ERR_OK && buf->failed)
            err = ERR_TOO_LARGE;
    }
    size_t line = parser.mark.line + 1;
    yaml_parser_delete(&parser);
    return err == ERR_OK ? ERR_OK
                         : fault_set(ret_fault, err, "not YAML that can be read (line %zu)", line);
}

/* room: where a tool works and leaves its output: the task's work folder, or one of our own when
 * there is none. */
#ifndef AGENTS_ADAPTERS_ROOM_H
#define AGENTS_ADAPTERS_ROOM_H

#include <limits.h>

#include "agents/agent_task.h"

#define ROOM_OUT "tool.out" /* in the folder: where the tool leaves its output */

struct room {
    char folder[PATH_MAX];
    char out[PATH_MAX]; /* path of ROOM_OUT */
    bool own;           /* made here, removed with all that is in it */
    bool other;         /* out is a file of others, which is left alone */
    int64_t since_s;    /* since 1970: what was written before is no output of this run */
};

/* room_open(task, &room, &fault): ERR_IO. The caller ends it with room_close. */
enum err room_open(const struct agent_task *task, struct room *ret_room, struct fault *ret_fault);
/* room_put(room, name, text): a file that the tool wants to find there. ERR_IO. */
enum err room_put(const struct room *room, const char *name, const char *text);
/* room_expect(room, file, since_s): the output will be in this file instead, below the folder
 * unless it is absolute, and is written from since_s (since 1970; 0: whenever) on. */
void room_expect(struct room *room, const char *file, int64_t since_s);
/* room_read(room, buf): the output. ERR_IO: there is none, or it is no regular file.
 * ERR_TOO_LARGE. */
enum err room_read(const struct room *room, struct buf *buf);
/* room_close(room): removes the output, and the folder if it was made here. */
void room_close(struct room *room);

#endif

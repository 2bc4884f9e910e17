// SPDX-License-Identifier: Apache-2.0
//
// Starts a child and reads both its pipes until they close.
#define _POSIX_C_SOURCE 200809L

#include "shell.h"

#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JSON_BYTES = 65536 };

extern char **environ;

// Takes what is there; what does not fit is dropped, so that the child never waits. @return false: the pipe is closed.
static bool take(int pipe, char *text)
{
    char          bytes[4096];
    const ssize_t got = read(pipe, bytes, sizeof bytes);
    if (got <= 0) return false;
    const size_t have = strlen(text), room = SHELL_TEXT - 1 - have, len = (size_t)got < room ? (size_t)got : room;
    memcpy(text + have, bytes, len);
    text[have + len] = '\0';
    return true;
}

static void read_both(struct shell *shell, int out, int err)
{
    struct pollfd pipes[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };
    char         *texts[2] = { shell->out, shell->err };
    while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
        if (poll(pipes, 2, -1) < 0) return;
        for (int i = 0; i < 2; i++)
            if (pipes[i].revents != 0 && !take(pipes[i].fd, texts[i])) pipes[i].fd = -1;
    }
}

static bool start(pid_t *child, const char *const *words, const int *out, const int *err)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) return false;
    (void)posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    (void)posix_spawn_file_actions_addclose(&actions, out[0]);
    (void)posix_spawn_file_actions_addclose(&actions, err[0]);
    char  *arguments[64];
    size_t count = 0;
    for (; words[count] != NULL && count < 63; count++) arguments[count] = strdup(words[count]);
    arguments[count] = NULL;
    const bool started = posix_spawnp(child, words[0], &actions, NULL, arguments, environ) == 0;
    while (count > 0) free(arguments[--count]);
    (void)posix_spawn_file_actions_destroy(&actions);
    return started;
}

void shell_run(struct shell *shell, const char *const *words)
{
    int   out[2], err[2], status;
    pid_t child;
    memset(shell, 0, sizeof *shell);
    shell->status = -1;
    if (pipe(out) != 0) return;
    if (pipe(err) != 0) return;
    const bool started = start(&child, words, out, err);
    close(out[1]);
    close(err[1]);
    if (started) read_both(shell, out[0], err[0]);
    close(out[0]);
    close(err[0]);
    if (!started || waitpid(child, &status, 0) != child) return;
    shell->status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

// ---- JSON, as far as a flat file of ours needs it

static bool read_text(const char *path, char *text)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    text[fread(text, 1, JSON_BYTES - 1, file)] = '\0';
    fclose(file);
    return true;
}

bool shell_json(const char *path, const char *name, double *value)
{
    char text[JSON_BYTES], key[80];
    if (!read_text(path, text)) return false;
    (void)snprintf(key, sizeof key, "\"%s\": ", name);
    const char *at = strstr(text, key);
    if (at == NULL) return false;
    char *end;
    *value = strtod(at + strlen(key), &end);
    return end != at + strlen(key);
}

bool shell_json_has(const char *path, const char *text)
{
    char all[JSON_BYTES];
    return read_text(path, all) && strstr(all, text) != NULL;
}

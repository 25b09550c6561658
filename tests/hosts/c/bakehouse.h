/* A host's apps, for programs in C. Every text ends with a zero byte and is UTF-8; what is handed out lives until it is freed.
 * All of it may be called from any thread, but no two calls at once for the same bakehouse_found. */
#ifndef BAKEHOUSE_H
#define BAKEHOUSE_H

#include <stddef.h>
#include <stdint.h>

/* What a call comes to. */
enum {
    BAKEHOUSE_OK = 0,
    BAKEHOUSE_WRONG_CALL = 1,   /* an argument is NULL, or is not what it should be */
    BAKEHOUSE_NOTHING = 2,      /* nobody serves the path */
    BAKEHOUSE_WRONG_METHOD = 3, /* it is served under the methods that bakehouse_detail names */
    BAKEHOUSE_ELSEWHERE = 4,    /* it is served at the path that bakehouse_detail names */
    BAKEHOUSE_UNAVAILABLE = 5,  /* the app can't be loaded, or can't answer */
    BAKEHOUSE_PANIC = 6         /* a panic was caught; what it was about is on stderr */
};

/* A route that was found for a request. */
typedef struct bakehouse_found bakehouse_found;

/* An app's answer. There is more behind what is shown: never copy the struct. */
typedef struct bakehouse_answer {
    int status;
    const char *content_type; /* NULL where the answer has none */
    const uint8_t *body;
    size_t length; /* of the body, in bytes */
} bakehouse_answer;

/* What goes with the code that this thread's last call gave: in words, or as the code says. It lives until the next call. */
const char *bakehouse_detail(void);

/* Starts the registry: once, before anything is loaded. */
int bakehouse_start(void);

/* Finds the route of a request without a body. The target is a path, perhaps with a query behind it. */
int bakehouse_find(const char *method, const char *target, bakehouse_found **found);

/* The slug of the app that serves it. */
const char *bakehouse_app(const bakehouse_found *found);

/* What a param took of the path, raw; NULL if the route has no param of that name. */
const char *bakehouse_param(const bakehouse_found *found, const char *name);

/* Loads the app, if it is not loaded, and waits for that. */
int bakehouse_load(const bakehouse_found *found);

/* Has the app answer the request; loads it, if it is not loaded. An app that refuses answers with a status of 400 or more. */
int bakehouse_call(const bakehouse_found *found, bakehouse_answer **answer);

/* Lets the app go as soon as nobody uses it. The next call loads it anew. */
int bakehouse_unload(const bakehouse_found *found);

/* NULL is nothing to free. */
void bakehouse_free_found(bakehouse_found *found);
void bakehouse_free_answer(bakehouse_answer *answer);

#endif

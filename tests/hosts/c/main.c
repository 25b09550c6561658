/* Answers the request that its arguments are, a method and a target, as a server would over the wire. */

#include "bakehouse.h"

#include <stdio.h>
#include <string.h>

static void refuse(const char *status, const char *header) {
    printf("HTTP/1.1 %s\r\n%s%s%s\r\n", status, header, *header ? bakehouse_detail() : "", *header ? "\r\n" : "");
}

/* What a request comes to for which there is no answer of an app. */
static int fail(int code) {
    switch (code) {
    case BAKEHOUSE_NOTHING:
        refuse("404 Not Found", "");
        return 0;
    case BAKEHOUSE_WRONG_METHOD:
        refuse("405 Method Not Allowed", "allow: ");
        return 0;
    case BAKEHOUSE_ELSEWHERE:
        refuse("308 Permanent Redirect", "location: ");
        return 0;
    default:
        fprintf(stderr, "%d: %s\n", code, bakehouse_detail());
        return code;
    }
}

static void print(const bakehouse_answer *answer, int wants_body) {
    printf("HTTP/1.1 %d \r\ncontent-length: %zu\r\n", answer->status, answer->length);
    if (answer->content_type)
        printf("content-type: %s\r\n", answer->content_type);
    printf("\r\n");
    if (wants_body)
        fwrite(answer->body, 1, answer->length, stdout);
}

/* Loads the app, calls it and lets it go. */
static int answer(const bakehouse_found *found, int wants_body) {
    bakehouse_answer *answer = NULL;
    int code = bakehouse_load(found);
    if (code == BAKEHOUSE_OK)
        code = bakehouse_call(found, &answer);
    if (code == BAKEHOUSE_OK)
        code = bakehouse_unload(found);
    if (code == BAKEHOUSE_OK)
        print(answer, wants_body);
    bakehouse_free_answer(answer);
    return code;
}

int main(int argc, char **argv) {
    bakehouse_found *found = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: %s METHOD TARGET\n", argv[0]);
        return BAKEHOUSE_WRONG_CALL;
    }
    int code = bakehouse_start();
    if (code == BAKEHOUSE_OK)
        code = bakehouse_find(argv[1], argv[2], &found);
    if (code == BAKEHOUSE_OK) {
        const char *person = bakehouse_param(found, "person");
        fprintf(stderr, "%s for %s\n", bakehouse_app(found), person ? person : "nobody");
        code = answer(found, strcmp(argv[1], "HEAD") != 0);
    }
    bakehouse_free_found(found);
    return code == BAKEHOUSE_OK ? 0 : fail(code);
}

/*
 * Starts a job, and follows its run to the end. It needs C99, polysync_host.h and libpolysync_host, and no more:
 *
 *     cc -std=c99 -I ../include follow.c -L FOLDER -lpolysync_host -o follow
 *     ./follow sagemaker-pipeline.wasm us-east-1 http://127.0.0.1:4587 abalone-training GUID
 *
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps AWS_SESSION_TOKEN have the credentials. The GUID names the wish
 * to start this run: the same GUID starts no second one, so a program stores it before it starts the run.
 */

#include "polysync_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A JSON value where it stands in its document; NULL where there is none. The functions below find members of valid
 * JSON. They decode nothing: a text keeps its quotes and escapes, and goes into the next document as it is. A program
 * that shows or compares text uses a JSON library, such as cJSON.
 */
struct value {
    const char *start;
    int length;
};

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* Where the value that begins here has its end. */
static const char *end_of(const char *at)
{
    int depth = 0;
    for (;; at++) {
        if (*at == '"') {
            for (at++; *at != '"'; at++) {
                at += *at == '\\';
            }
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            depth--;
        } else if (depth == 0) {
            return at + strcspn(at, ",]} \t\r\n");
        }
        if (depth == 0) {
            return at + 1;
        }
    }
}

/* The member of an object that has this name. */
static struct value member(struct value object, const char *name)
{
    struct value found = {NULL, 0};
    if (object.start == NULL || *object.start != '{') {
        return found;
    }
    const char *at = skip_space(object.start + 1);
    while (*at == '"') {
        const char *key = at + 1;
        size_t key_length = (size_t)(end_of(at) - key) - 1;
        found.start = skip_space(skip_space(end_of(at)) + 1);
        found.length = (int)(end_of(found.start) - found.start);
        if (key_length == strlen(name) && strncmp(key, name, key_length) == 0) {
            return found;
        }
        at = skip_space(found.start + found.length);
        at = skip_space(at + (*at == ','));
    }
    found.start = NULL;
    return found;
}

static struct value whole(struct PsText document)
{
    struct value object = {skip_space(document.data), (int)document.length};
    return object;
}

static bool is(struct value value, const char *json)
{
    return value.start != NULL && (size_t)value.length == strlen(json)
        && strncmp(value.start, json, strlen(json)) == 0;
}

static uint64_t number(struct value value)
{
    return value.start == NULL ? 0 : strtoull(value.start, NULL, 10);
}

static void print(FILE *file, const char *label, struct value value)
{
    if (value.start != NULL && !is(value, "null") && !is(value, "\"\"")) {
        fprintf(file, "%s%.*s", label, value.length, value.start);
    }
}

/* Ends the program with the library's words. */
static void fail(const char *what, struct value document)
{
    struct value error = member(document, "error");
    fprintf(stderr, "%s", what);
    print(stderr, ": ", member(error, "code"));
    print(stderr, " ", member(error, "message"));
    print(stderr, " ", member(error, "hint"));
    fprintf(stderr, "\n");
    exit(EXIT_FAILURE);
}

static void check(PsStatus status, struct PsText error, const char *what)
{
    struct value none = {NULL, 0};
    if (status != PS_STATUS_OK) {
        fail(what, error.data == NULL ? none : whole(error));
    }
}

/* A document by printf's rules, in memory that is freed. Texts in it come from outside: see `plain`. */
static char *document(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text == NULL) {
        fprintf(stderr, "no memory\n");
        exit(EXIT_FAILURE);
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* A text that is the same in JSON. Others would need escapes, which a JSON library writes. */
static const char *plain(const char *text)
{
    for (const char *at = text == NULL ? "" : text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || (unsigned char)*at < ' ') {
            fprintf(stderr, "an argument or a variable of AWS has a character that this example doesn't take\n");
            exit(EXIT_FAILURE);
        }
    }
    return text == NULL ? "" : text;
}

static void answer_credentials(PsHandle host, uint64_t question)
{
    const char *token = plain(getenv("AWS_SESSION_TOKEN"));
    const char *key = plain(getenv("AWS_ACCESS_KEY_ID"));
    const char *secret = plain(getenv("AWS_SECRET_ACCESS_KEY"));
    char *answer = *key == '\0' || *secret == '\0'
        ? document("{\"error\":\"AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set\"}")
        : *token == '\0'
        ? document("{\"accessKeyId\":\"%s\",\"secretAccessKey\":\"%s\"}", key, secret)
        : document("{\"accessKeyId\":\"%s\",\"secretAccessKey\":\"%s\",\"sessionToken\":\"%s\"}", key, secret, token);
    /* NotFound means that nobody waits for it any more, which is nothing to worry about. */
    ps_answer(host, question, answer, strlen(answer), NULL);
    free(answer);
}

/* Does what an event asks for that isn't the end of a call. */
static void handle(PsHandle host, struct value event)
{
    struct value kind = member(event, "event");
    if (is(kind, "\"credentials-asked\"")) {
        answer_credentials(host, number(member(event, "question")));
    } else if (is(kind, "\"log\"")) {
        print(stderr, "log: ", member(event, "message"));
        print(stderr, " ", member(event, "fields"));
        fprintf(stderr, "\n");
    }
}

/* Makes a call and waits for its end. Gives the event of the end, which the caller frees. */
static struct PsText call(PsHandle host, PsHandle target, char *request)
{
    uint64_t begun;
    struct PsText text;
    check(ps_call(target, request, strlen(request), &begun, &text), text, request);
    while (ps_next(host, -1, &text) == PS_STATUS_OK) {
        struct value event = whole(text);
        if (number(member(event, "call")) == begun) {
            if (is(member(event, "event"), "\"error\"")) {
                fail(request, event);
            }
            free(request);
            return text;
        }
        handle(host, event);
        ps_text_free(text);
    }
    fprintf(stderr, "the host is closed\n");
    exit(EXIT_FAILURE);
}

/* Handles events until none comes for a second. */
static void rest(PsHandle host)
{
    struct PsText text;
    while (ps_next(host, 1000, &text) == PS_STATUS_OK) {
        handle(host, whole(text));
        ps_text_free(text);
    }
}

static PsHandle connect(PsHandle host, PsHandle slot, char *plugin, char *region, char *endpoint)
{
    PsHandle connection;
    struct PsText error;
    ps_text_free(call(host, slot, document("{\"call\":\"load\",\"source\":{\"file\":\"%s\"}}", plain(plugin))));
    /* The operator decides on the grants: here, whoever starts this program. */
    char *text = document(
        "{\"connection\":{\"region\":\"%s\",\"endpoint\":\"%s\"},\"credentials\":\"embedder\","
        "\"grants\":{\"http\":[\"%s\"],\"awsSigning\":[\"sagemaker\"]}}",
        plain(region), plain(endpoint), plain(endpoint));
    check(ps_connection_new(slot, text, strlen(text), &connection, &error), error, "the connection");
    free(text);
    return connection;
}

/* Asks for the run's status every second, and prints it. True where the run succeeded. */
static bool follow(PsHandle host, PsHandle connection, struct value run_id)
{
    for (;;) {
        struct PsText text = call(host, connection,
            document("{\"call\":\"status\",\"run\":{\"runId\":%.*s}}", run_id.length, run_id.start));
        struct value status = member(whole(text), "answer");
        bool is_over = is(member(status, "finished"), "true");
        bool is_success = is(member(status, "state"), "\"success\"");
        print(stdout, "", member(status, "state"));
        print(stdout, " ", member(status, "platformStatus"));
        print(stdout, " ", member(status, "message"));
        printf("\n");
        fflush(stdout);
        ps_text_free(text);
        if (is_over) {
            return is_success;
        }
        rest(host);
    }
}

int main(int count, char **arguments)
{
    const char *options = "{\"log\":\"warn\"}";
    PsHandle host, slot;
    struct PsText error, started;
    if (count != 6) {
        fprintf(stderr, "usage: follow PLUGIN REGION ENDPOINT JOB GUID\n");
        return EXIT_FAILURE;
    }
    if (ps_abi_version() != PS_ABI_VERSION) {
        fprintf(stderr, "libpolysync_host and polysync_host.h are not of one release\n");
        return EXIT_FAILURE;
    }
    check(ps_host_new(options, strlen(options), &host, &error), error, "the host");
    check(ps_slot_new(host, &slot, &error), error, "the slot");
    PsHandle connection = connect(host, slot, arguments[1], arguments[2], arguments[3]);
    started = call(host, connection, document(
        "{\"call\":\"start\",\"job\":{\"externalId\":\"%s\"},\"guid\":\"%s\"}", plain(arguments[4]), plain(arguments[5])));
    struct value run_id = member(member(whole(started), "answer"), "runId");
    print(stdout, "started ", run_id);
    printf("\n");
    bool is_success = follow(host, connection, run_id);
    ps_text_free(started);

    /* The connection and the slot go with the host. */
    ps_close(host);
    PsStatus status;
    while ((status = ps_next(host, -1, &error)) == PS_STATUS_OK) {
        ps_text_free(error);
    }
    return is_success && status == PS_STATUS_CLOSED ? EXIT_SUCCESS : EXIT_FAILURE;
}

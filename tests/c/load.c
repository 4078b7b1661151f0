/* Loads the library that the argument names, uses it, closes it, and does it all again: it has stayed where it was. */
#define _XOPEN_SOURCE 700
#include "guest_redemption.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

typedef redemption_result *call_function(const char *);
typedef redemption_status status_function(const redemption_result *);
typedef void free_function(redemption_result *);

static const char GET_ALICE[] = "{\"op\":\"user.get\",\"user_id\":\"10000000-0000-4000-8000-000000000001\"}";

/* Returns where the library's code is; NULL when something failed. */
static void *load_use_close(const char *path)
{
    call_function *call;
    status_function *status;
    free_function *free_result;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return NULL;
    }
    /* POSIX's way of turning an object pointer into a function pointer */
    *(void **)&call = dlsym(library, "redemption_call");
    *(void **)&status = dlsym(library, "redemption_result_status");
    *(void **)&free_result = dlsym(library, "redemption_result_free");
    void *place = *(void **)&call;

    redemption_result *result = call(GET_ALICE);
    redemption_status ended = status(result);
    free_result(result);
    return dlclose(library) == 0 && ended == REDEMPTION_OK ? place : NULL;
}

/* A library that was never used has nothing but its own wish to stay. */
static int stays_loaded(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return library != NULL && dlclose(library) == 0 && dlopen(path, RTLD_NOW | RTLD_NOLOAD) != NULL;
}

int main(int argc, char **argv)
{
    alarm(300);
    if (argc != 2 || !stays_loaded(argv[1])) {
        return 1;
    }
    void *first = load_use_close(argv[1]);
    sleep(1); /* the library's thread goes on all the while */
    void *second = load_use_close(argv[1]);
    return first != NULL && first == second ? 0 : 1;
}

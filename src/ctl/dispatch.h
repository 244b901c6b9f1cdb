/* dispatch: from a command line to a command of the table. */
#ifndef CTL_DISPATCH_H
#define CTL_DISPATCH_H

/* dispatch_run(argc, argv): runs what was asked for; the exit status. */
int dispatch_run(int argc, char **argv);

#endif

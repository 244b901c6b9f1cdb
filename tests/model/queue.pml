/* The protocol of the queue: two tasks, two slots, a keeper, an owner who may cancel. Each atomic block
 * stands for one script of src/store/scripts, named with a line that it stands for; tests/model/check
 * sees to it that the line is still there.
 *
 * Time is left out: a lease may run out at any moment, which covers every crash, every pause and every
 * slow network. What would go on for ever is bounded: answers lost, tasks handed back.
 *
 * ENDS asks whether every task ends, although an operator takes something away; with LOSS, although Redis
 * comes back as it was a moment ago. There one of the tasks has ended already, its id still in the list.
 *
 * Not here, as they move no task: artifact.lua, event.lua, log.lua, rearm.lua, target_take.lua, and target_leave.lua,
 * which as promote.lua does makes one that is delayed ready.
 *
 * Mutants, each of which must fail: MUTANT_NO_TOKEN, MUTANT_REAP_KEEPS_TOKEN. */
#define TASKS 2
#define CRASHES_MAX 2 /* three in the scripts: one more of the same */
#define FAILS_MAX 2

mtype = { PENDING, RUNNING, COMPLETED, FAILED, CANCELLED };
#define LIVES(t) (state[t] == PENDING || state[t] == RUNNING)

/* --- what Redis holds ----------------------------------------------------------------- */

mtype state[TASKS];    /* task:<id>:meta state, which the record follows */
byte token[TASKS];     /* 0: none */
byte crashes[TASKS];
byte fails[TASKS];
bool waits[TASKS];     /* it may still end as queue_expired */
byte ready[TASKS];     /* how often q:ready:* holds its id */
bool delayed[TASKS];   /* q:delayed */
bool lease[TASKS];     /* q:lease */
byte proc[TASKS];      /* whose q:proc:<slot> holds it; 0: none's */
byte claims[TASKS];    /* q:claims makes each token another; only one task's are ever compared */

#define DEAD 9 /* the list of a slot that is no more */

/* --- what nobody holds, to judge by ----------------------------------------------------- */

byte holder[TASKS];    /* the claim that is in force; 0: none */
byte unheard = 1;      /* answers that may still be lost */
byte returns = 1;      /* times that a slot may still hand back */

/* No state follows a terminal one. */
inline enter(t, to) {
    assert(LIVES(t));
    state[t] = to
}

/* --- src/store/scripts/lib/task.lua ----------------------------------------------------- */

inline let_go(t) { /* task.lua: local function let_go(t) */
    proc[t] = 0;
    lease[t] = false
}

inline finish(t, to) { /* task.lua: local function finish(t, state, result, ...) */
    let_go(t);
    delayed[t] = false;
    enter(t, to);
    token[t] = 0;
    holder[t] = 0
}

inline free(t) { /* task.lua: local function free(t) */
    let_go(t);
    enter(t, PENDING);
    token[t] = 0;
    holder[t] = 0
}

inline give_back(t) { /* task.lua: local function give_back(t, event) */
    free(t);
    ready[t]++
}

#ifdef MUTANT_NO_TOKEN
#define HELD(t, mine) (state[t] == RUNNING)
#else
/* task.lua: if t and t.state == 'running' and t.token == token then return t end */
#define HELD(t, mine) (state[t] == RUNNING && token[t] == mine)
#endif

/* --- a slot: one task at a time ----------------------------------------------------------- */

proctype slot(byte me) {
    byte t, mine;
end_idle:
    atomic { /* claim.lua: call('LMOVE', list, PROC, 'RIGHT', 'LEFT') */
        if
        :: ready[0] > 0 -> t = 0
        :: ready[1] > 0 -> t = 1
        fi;
        ready[t]--;
        if
        :: state[t] != PENDING -> goto end_idle /* claim.lua: call('RPOP', list) */
        :: else
        fi;
        claims[t]++;
        enter(t, RUNNING);
        /* claim.lua: local token = slot .. ':' .. attempt .. ':' .. string.format('%.0f', claims) */
        mine = claims[t] * 4 + me;
        token[t] = mine;
        holder[t] = mine;
        proc[t] = me;
        lease[t] = true;
        waits[t] = false;
        if
        :: true
        :: unheard > 0 -> unheard--; mine = 0; goto not_heard
        fi
    }
work:
    if
#ifndef ENDS /* there they would go on for ever; a run timeout is one of the ends below */
    :: atomic { /* task_store_look: HGET token */
        true ->
        if
        :: token[t] == mine -> assert(holder[t] == mine); goto work
        :: else -> goto lost
        fi
    }
    :: atomic { /* beat.lua: call('ZADD', LEASE, now + tonumber(ARGV[3]), t.id) */
        true ->
        if
        :: HELD(t, mine) -> assert(holder[t] == mine); lease[t] = true; goto work
        :: else -> goto lost
        fi
    }
#endif
    :: atomic { /* finish.lua: finish(t, ARGV[3], ARGV[4]) */
        true ->
        if
        :: HELD(t, mine) -> assert(holder[t] == mine); finish(t, COMPLETED)
        :: else -> goto lost
        fi;
        if
        :: true -> goto lost
        :: unheard > 0 -> unheard--; goto work /* tells it again */
        fi
    }
    :: atomic { /* retry.lua: call('ZADD', DELAYED, now + tonumber(ARGV[3]), t.id) */
        true ->
        if
        :: HELD(t, mine) ->
            assert(holder[t] == mine);
            fails[t]++;
            if
            :: fails[t] >= FAILS_MAX -> finish(t, FAILED)
            :: else -> free(t); delayed[t] = true
            fi
        :: else
        fi;
        goto lost
    }
    :: atomic { /* hand_back.lua: give_back(t, 'handed_back') */
        returns > 0 ->
        returns--;
        if
        :: HELD(t, mine) -> assert(holder[t] == mine); give_back(t)
        :: else
        fi;
        goto lost
    }
    :: atomic { /* put_off.lua: call('ZADD', DELAYED, now + tonumber(ARGV[3]), t.id) */
        returns > 0 ->
        returns--;
        if
        :: HELD(t, mine) -> assert(holder[t] == mine); free(t); delayed[t] = true
        :: else
        fi;
        goto lost
    }
    :: goto killed
    fi;
not_heard: /* of a claim: nothing in hand, for all it knows */
    if
    :: atomic { /* unclaim.lua: if t and t.state == 'running' and t.slot == ARGV[1] then */
        t = 0;
        do
        :: t < TASKS ->
            if
            :: state[t] == RUNNING && proc[t] == me -> give_back(t)
            :: else
            fi;
            t++
        :: else -> break
        od;
        goto lost
    }
    :: goto killed
    fi;
killed: /* at any moment; who takes its place has another name */
    atomic {
        t = 0;
        do
        :: t < TASKS ->
            if
            :: proc[t] == me -> proc[t] = DEAD
            :: else
            fi;
            t++
        :: else -> break
        od
    }
lost:
    atomic {
        t = 0;
        mine = 0;
        goto end_idle
    }
}

/* --- the keeper ----------------------------------------------------------------------------- */

inline reap(t) {
    lease[t] ->
    if
    :: state[t] != RUNNING -> lease[t] = false
    :: else ->
        crashes[t]++;
        if
        :: crashes[t] >= CRASHES_MAX -> finish(t, FAILED)
        :: else ->
#ifdef MUTANT_REAP_KEEPS_TOKEN
            kept = token[t];
#endif
            free(t);
#ifdef MUTANT_REAP_KEEPS_TOKEN
            token[t] = kept;
            kept = 0;
#endif
            delayed[t] = true
        fi
    fi
}

inline promote(t) {
    delayed[t] ->
    delayed[t] = false;
    if
    :: state[t] == PENDING -> ready[t]++
    :: else
    fi
}

inline sweep(t) {
    if
    :: state[t] == RUNNING && !lease[t] -> lease[t] = true
    :: state[t] == PENDING && !delayed[t] && ready[t] == 0 -> ready[t]++
    fi
}

proctype keeper() {
#ifdef MUTANT_REAP_KEEPS_TOKEN
    byte kept;
#endif
end_keep:
    do
    /* reap.lua: local crashes = t.crashes + 1 */
    :: atomic { reap(0) }
    :: atomic { reap(1) }
    /* promote.lua: if type(pcall('RPUSH', 'q:ready:' .. t.prio, id)) == 'number' then */
    :: atomic { promote(0) }
    :: atomic { promote(1) }
    /* expire.lua: if t and t.state == 'pending' and overdue(t) then */
    :: atomic { state[0] == PENDING && waits[0] -> finish(0, FAILED) }
    /* adopt.lua: leased = leased + call('ZADD', LEASE, 'NX', now + t.lease_ms, id)
     * sweep.lua: if not lease or lease > now + LEASES_MAX * t.lease_ms then
     * sweep.lua: if not call('ZSCORE', DELAYED, t.id) and not listed(t) then */
    :: atomic { sweep(0) }
    :: atomic { sweep(1) }
    od
}

/* --- people --------------------------------------------------------------------------------- */

inline cancel(t) {
    true ->
    if
    :: LIVES(t) -> finish(t, CANCELLED)
    :: else
    fi
}

proctype owner() {
    if
    /* cancel.lua: finish(t, 'cancelled', 'null') */
    :: atomic { cancel(0) }
    :: atomic { cancel(1) }
    :: true
    fi
}

/* Takes something away that only the scripts should touch. */
proctype operator() {
    if
    :: atomic { lease[0] -> lease[0] = false }
    :: atomic { ready[0] > 0 -> ready[0] = 0 }
    :: atomic { delayed[0] -> delayed[0] = false }
    :: true
    fi
}

#ifdef LOSS
/* Redis comes back as it was a moment ago (everysec), while slots go on with what they know. */
proctype loss() {
    mtype state_was;
    byte token_was, crashes_was, fails_was, ready_was, proc_was, claims_was, holder_was;
    bool waits_was, delayed_was, lease_was;
    atomic {
        state_was = state[0]; token_was = token[0]; crashes_was = crashes[0]; fails_was = fails[0];
        ready_was = ready[0]; proc_was = proc[0]; claims_was = claims[0]; holder_was = holder[0];
        waits_was = waits[0]; delayed_was = delayed[0]; lease_was = lease[0]
    }
    atomic {
        state[0] = state_was; token[0] = token_was; crashes[0] = crashes_was; fails[0] = fails_was;
        ready[0] = ready_was; proc[0] = proc_was; claims[0] = claims_was; holder[0] = holder_was;
        waits[0] = waits_was; delayed[0] = delayed_was; lease[0] = lease_was;
        state_was = 0; token_was = 0; crashes_was = 0; fails_was = 0; ready_was = 0; proc_was = 0;
        claims_was = 0; holder_was = 0; waits_was = 0; delayed_was = 0; lease_was = 0
    }
}
#endif

/* --- what must be true ------------------------------------------------------------------------ */

/* A task stands in one place, and only there: a list, the delayed, or with its slot under a lease. */
#define WAITING(t) (ready[t] + delayed[t] == 1 && !lease[t] && proc[t] == 0 && holder[t] == 0)
#define AT_WORK(t) (ready[t] + delayed[t] == 0 && lease[t] && proc[t] != 0 && holder[t] == token[t])
#define PLACED(t)                                                                                 \
    ((state[t] == PENDING && WAITING(t)) || (state[t] == RUNNING && AT_WORK(t)) || !LIVES(t))

proctype judge() {
end_watch:
    !(PLACED(0) && PLACED(1)) -> assert(false)
}

#ifdef ENDS
ltl every_task_ends { []<> (!LIVES(0) && !LIVES(1)) }
#endif

init {
    atomic { /* submit.lua: call('LPUSH', KEYS[2], id) */
        state[0] = PENDING;
#ifdef ENDS
        state[1] = CANCELLED; /* its id is still in the list */
#else
        state[1] = PENDING;
#endif
        ready[0] = 1;
        ready[1] = 1;
        waits[0] = true;
        run slot(1);
        run slot(2);
        run keeper();
        run owner();
#ifdef ENDS
#ifdef LOSS
        run loss()
#else
        run operator()
#endif
#else
        run judge()
#endif
    }
}

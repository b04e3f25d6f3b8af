package dev.drover.bench.contender;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Runs so many tasks at a time; who submits one more waits. The first failure is thrown at the next call. */
final class InFlight implements AutoCloseable {

    private final int most;
    private final Semaphore free;
    private final ExecutorService threads;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    InFlight(int most) {
        this.most = most;
        this.free = new Semaphore(most);
        this.threads = Executors.newFixedThreadPool(most);
    }

    void submit(Runnable task) throws InterruptedException {
        free.acquire();
        check();
        threads.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            } finally {
                free.release();
            }
        });
    }

    /** Waits until all have ended. */
    void await() throws InterruptedException {
        free.acquire(most);
        check();
    }

    private void check() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

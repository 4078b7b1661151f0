using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace GuestRedemption.PowerShell
{
    /// <summary>The one way from a cmdlet to the native library: session, Ctrl+C, messages and errors.</summary>
    public abstract class RedemptionCmdlet : PSCmdlet, IDisposable
    {
        private readonly object stopping = new object();
        private Cancellation cancellation;
        private BatchRun batch;
        private bool stopped;

        /// <summary>"Verb-Noun" of this cmdlet.</summary>
        protected string CommandName
        {
            get { return MyInvocation.MyCommand.Name; }
        }

        /// <summary>Ctrl+C: the pipeline's thread waits in the native library, this comes on another one.</summary>
        protected override void StopProcessing()
        {
            lock (stopping)
            {
                stopped = true;
                if (cancellation != null) cancellation.Cancel();
                if (batch != null) batch.Cancel();
            }
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            lock (stopping)
            {
                if (cancellation != null) cancellation.Dispose();
            }
            if (batch != null) batch.Dispose();
        }

        /// <summary>Runs one operation with the current session.</summary>
        protected CallResult Invoke(IDictionary<string, object> request)
        {
            var answer = Guard(cancel => Client.Call(Connection.Apply(request), cancel));
            Tell(answer);
            return answer;
        }

        /// <summary>Resets one guest with the current session.</summary>
        protected CallResult InvokeReset(string userId, string email, IDictionary<string, object> options)
        {
            var answer = Guard(cancel => ToldEvenStopped(userId, Client.Reset(userId, email, Connection.Apply(options), cancel)));
            Tell(answer);
            return answer;
        }

        /// <summary>
        /// Starts a batch with the current session. Ctrl+C cancels it, and it ends with the pipeline. What keeps it from
        /// starting ends the pipeline.
        /// </summary>
        private protected BatchRun StartBatch(IDictionary<string, object> options, Action<ulong, string, CallResult> take, Action beat)
        {
            return Guard(cancel =>
            {
                var run = new BatchRun(Begin(options), (tag, userId, answer) => TellAndTake(take, tag, userId, answer), beat);
                lock (stopping)
                {
                    batch = run;
                }
                return run;
            });
        }

        /// <summary>Signs in for all cmdlets; a person who has to is told on the host.</summary>
        protected ConnectionContext Connect(Func<SignIn> signIn)
        {
            return Guard(cancel => Connection.Connect(signIn(), prompt => SignInPrompt.Show(Host, prompt), Tell, cancel));
        }

        /// <summary>Runs something that Ctrl+C is to cancel; a library that cannot be loaded ends the pipeline.</summary>
        protected T Guard<T>(Func<Cancellation, T> call)
        {
            try
            {
                var answer = call(StartCancellation());
                if (stopped) throw new PipelineStoppedException();
                return answer;
            }
            catch (DllNotFoundException e)
            {
                var error = new ErrorRecord(e, "LibraryNotFound", ErrorCategory.ObjectNotFound, null);
                ThrowTerminatingError(ErrorRecords.Named(error, CommandName));
                throw;
            }
        }

        /// <summary>FullyQualifiedErrorId is then such as "GuestNotFound,Reset-GuestRedemption".</summary>
        protected ErrorRecord ToErrorRecord(CallResult answer, object target)
        {
            return ErrorRecords.From(new GuestRedemptionException(answer), target, CommandName);
        }

        /// <summary>Trouble with one item is an error of that item; trouble with the sign-in or the process ends the pipeline.</summary>
        protected void WriteFailure(CallResult answer, object target)
        {
            WriteFailure(answer, ToErrorRecord(answer, target));
        }

        private protected void WriteFailure(CallResult answer, ErrorRecord error)
        {
            if (ErrorRecords.EndsPipeline(answer.StatusCode)) ThrowTerminatingError(error);
            WriteError(error);
        }

        private ResetBatch Begin(IDictionary<string, object> options)
        {
            try
            {
                return ResetBatch.Start(Connection.Apply(options));
            }
            catch (GuestRedemptionException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, null, CommandName));
                throw;
            }
        }

        private void TellAndTake(Action<ulong, string, CallResult> take, ulong tag, string userId, CallResult answer)
        {
            Tell(answer);
            take(tag, userId, answer);
        }

        private Cancellation StartCancellation()
        {
            lock (stopping)
            {
                if (stopped) throw new PipelineStoppedException();
                return cancellation ?? (cancellation = new Cancellation());
            }
        }

        /// <summary>A stopped pipeline takes no more output, but that something was changed must not be lost.</summary>
        private CallResult ToldEvenStopped(string userId, CallResult answer)
        {
            if (stopped && answer.Status != "CANCELLED") Host.UI.WriteWarningLine(userId + ": " + (answer.IsOk ? Messages.Text("reset.doneThoughStopped") : LibraryText.Status(answer.Status, answer.Message)));
            return answer;
        }

        private void Tell(CallResult answer)
        {
            foreach (var request in answer.Diagnostics) WriteDebug(RequestLine((IDictionary<string, object>)request));
            foreach (var step in answer.Result.List("steps")) WriteVerbose(StepLine((IDictionary<string, object>)step));
        }

        /// <summary>Never translated: such lines are for whoever looks into a problem.</summary>
        private static string RequestLine(IDictionary<string, object> request)
        {
            return string.Format(
                "{0} {1}: {2}, attempt {3}, {4} ms, request-id {5}, client-request-id {6}{7}",
                request.Text("method"), request.Text("path"), request.Member("http_status") ?? "no answer", request.Member("attempt"),
                request.Member("elapsed_ms"), request.Text("request_id") ?? "none", request.Text("client_request_id"), Suffix(request.Text("note")));
        }

        private static string StepLine(IDictionary<string, object> step)
        {
            var english = step.Text("step") + ": " + step.Text("state") + Suffix(step.Text("detail"));
            return LibraryText.Step(step.Text("step"), step.Text("state"), english);
        }

        private static string Suffix(string text)
        {
            return string.IsNullOrEmpty(text) ? "" : " - " + text;
        }
    }
}

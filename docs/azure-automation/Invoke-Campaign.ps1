<#
Runs a campaign as a runbook of Azure Automation, on a Hybrid Runbook Worker and nowhere else: the plan lies in a folder
of that machine's own disk, and the journal is written beside it. A job that is started again, by Azure Automation or by
hand, goes on where the last one was ended.

The job fails if the campaign could not be begun, was not finished, or left guests that are not reset.
#>
param(
    # a folder on a local disk of the worker that holds plan.jsonl
    [Parameter(Mandatory = $true)]
    [string] $Folder,

    # of a user-assigned managed identity; without it, the machine's own
    [string] $ClientId
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$plan = Join-Path $Folder 'plan.jsonl'
$journal = Join-Path $Folder 'run.jsonl'
# a cloud job's disk is gone when the job ends, and another worker of the group has another disk
if (-not (Test-Path -LiteralPath $plan)) { throw "There is no $plan on this machine. This runbook runs on the one Hybrid Runbook Worker that holds the plan, and not in Azure's sandbox." }

Import-Module GuestRedemption
$identity = @{ Identity = $true }
if ($ClientId) { $identity.ClientId = $ClientId }
$null = Connect-GuestRedemption @identity

$failures = 0
$outcomes = @{}
Reset-GuestRedemption -Plan $plan -Journal $journal -Resume:(Test-Path -LiteralPath $journal) -Force -ErrorAction Continue 2>&1 | ForEach-Object {
    if ($_ -is [Management.Automation.ErrorRecord]) {
        $failures++
        "$($_.FullyQualifiedErrorId): $_"
    }
    else { $outcomes[$_.Outcome] = 1 + $outcomes[$_.Outcome] }
}
$outcomes.Keys | Sort-Object | ForEach-Object { "$_ $($outcomes[$_])" }
if ($failures) { throw "$failures guests are not reset; the lines above tell why. Starting the runbook again tries them once more." }

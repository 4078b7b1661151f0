<#
Runs one tenant's part of a campaign, as a pod of the Job in job.yaml does: of the plans in a folder, each named by its
tenant, the one whose place is this pod's index. The journal has the tenant's name too; where it is there, the run goes
on with it. However the run ends, the next one does the rest.

Exit codes, as podFailurePolicy in job.yaml reads them:
    0    every guest of the plan is reset
    2    the plan has come to its end, and there are guests that only a person can help; running it again changes nothing
    3    the plan, the journal, the sign-in or the Job itself is not right; running it again changes nothing
    75   not finished: ended from outside, or the network, the service or the disk failed; to be run again
Any other code is that of a process that was killed, and means 75.
#>
param(
    [string] $Plans = '/campaign/plans',
    [string] $Journals = '/campaign/journals',
    # <tenant id>.json with variables for that tenant alone, such as AZURE_CLIENT_ID and AZURE_CLIENT_SECRET
    [string] $Credentials = '/credentials',
    # how many tenants the Job has, so that none is left out in silence
    [string] $Tenants = $env:CAMPAIGN_TENANTS,
    [string] $Index = $env:JOB_COMPLETION_INDEX
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$helpless, $notBegun, $tryAgain = 2, 3, 75

function Write-Line([string] $Text) { [Console]::Out.WriteLine($Text) }

function Find-Plan {
    $found = @(Get-ChildItem $Plans -Filter '*.jsonl' | Sort-Object Name)
    if ("$($found.Count)" -ne $Tenants) { throw "There are $($found.Count) plans in $Plans, but CAMPAIGN_TENANTS is '$Tenants'." }
    if ($Index -notmatch '^\d+$' -or [int] $Index -ge $found.Count) { throw "There is no plan for the index '$Index'; the Job must be an indexed one with $($found.Count) completions." }
    $found[[int] $Index]
}

function Use-Credentials([string] $Tenant) {
    $env:AZURE_TENANT_ID = $Tenant
    $file = "$Credentials/$Tenant.json"
    if (-not (Test-Path $file)) { return }
    foreach ($variable in (Get-Content $file -Raw | ConvertFrom-Json).PSObject.Properties) { Set-Item "env:$($variable.Name)" $variable.Value }
}

function Get-StatusCode($Failure) { if ($Failure.Exception -is [GuestRedemption.GuestRedemptionException]) { $Failure.Exception.StatusCode } else { 0 } }

# Whether another run may help: the network, the service, an address that the directory had not noticed yet, the disk.
function Test-Passing([int] $StatusCode) { ($StatusCode -ge 300 -and $StatusCode -le 400) -or $StatusCode -ge 900 }

function Invoke-Plan([IO.FileInfo] $Plan) {
    $tenant = $Plan.BaseName
    $journal = "$Journals/$tenant.jsonl"
    $outcomes = @{}
    $code = 0
    Reset-GuestRedemption -Plan $Plan.FullName -Journal $journal -Resume:(Test-Path $journal) -Force -ErrorAction Continue 2>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.ErrorRecord]) {
            Write-Line "$tenant $($_.FullyQualifiedErrorId): $_"
            $isPassing = Test-Passing (Get-StatusCode $_)
            if ($isPassing) { $code = $tryAgain } elseif ($code -eq 0) { $code = $helpless }
        }
        else { $outcomes[$_.Outcome] = 1 + $outcomes[$_.Outcome] }
    }
    Write-Line "$tenant $(($outcomes.Keys | Sort-Object | ForEach-Object { "$_ $($outcomes[$_])" }) -join ', ')"
    $code
}

# Also when it is ended from outside, which leaves by the finally block without any other: a pod that reports 0 is taken
# for done.
$code = $tryAgain
try {
    Import-Module GuestRedemption
    $plan = Find-Plan
    Use-Credentials $plan.BaseName
    $code = Invoke-Plan $plan
}
catch {
    Write-Line "$($_.FullyQualifiedErrorId): $_"
    $unusableJournal = 22   # held by another run, or a full disk
    $status = Get-StatusCode $_
    if (-not (Test-Passing $status) -and $status -ne $unusableJournal) { $code = $notBegun }
}
finally {
    [Environment]::Exit($code)
}

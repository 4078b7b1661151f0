<#
Builds a module's assemblies from their sources in a checkout, when they are missing or older than those or than the
assemblies they need.
An installed module has no sources and never comes here.
#>
[CmdletBinding()]
param(
    # Project folders under src, each after those it needs; the assembly of each is named like it.
    [Parameter(Mandatory)] [string[]] $Project,
    # The module's bin folder.
    [Parameter(Mandatory)] [string] $Destination,
    # Assemblies of other modules that these need.
    [string[]] $Reference = @()
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$sources = "$PSScriptRoot/src"

function Get-Source([string] $Name, [string[]] $Pattern) {
    foreach ($one in $Pattern) {
        [IO.Directory]::GetFiles("$sources/$Name", $one, 'AllDirectories') -notmatch '[\\/](bin|obj)[\\/]'
    }
}

function Get-Assembly([string] $Name) { "$Destination/$Name.dll" }

function Test-Fresh {
    foreach ($name in $Project) {
        $built = [IO.File]::GetLastWriteTimeUtc((Get-Assembly $name))
        foreach ($file in @(Get-Source $name '*.cs', '*.csproj') + $Reference) {
            if ([IO.File]::GetLastWriteTimeUtc($file) -gt $built) { return $false }
        }
    }
    return $true
}

# Two processes may import at once: one builds, the other waits and then finds it done.
function Enter-Build {
    $folder = [IO.Directory]::CreateDirectory("$sources/obj").FullName
    $limit = [DateTime]::UtcNow.AddMinutes(5)
    while ($true) {
        try { return [IO.File]::Open("$folder/build.lock", 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] { if ([DateTime]::UtcNow -gt $limit) { throw } }
        Start-Sleep -Milliseconds 200
    }
}

# In place under its name in one step. A file that a process has loaded cannot be overwritten on Windows, but renamed.
function Install-Assembly([string] $Name, [string] $Built) {
    $target = Get-Assembly $Name
    $new = "$target.$PID.new"
    Copy-Item $Built $new
    [IO.File]::SetLastWriteTimeUtc($new, [DateTime]::UtcNow)
    if ([IO.File]::Exists($target)) { [IO.File]::Move($target, "$target.$([Guid]::NewGuid()).old") }
    [IO.File]::Move($new, $target)
    Remove-Item "$Destination/*.old" -ErrorAction Ignore
}

function Invoke-DotNet {
    Push-Location $sources
    try { $log = & dotnet build $Project[-1] --configuration Release --nologo 2>&1 | Out-String }
    finally { Pop-Location }
    if ($LASTEXITCODE -ne 0) {
        Write-Verbose $log
        return $false
    }
    foreach ($name in $Project) {
        Install-Assembly $name "$sources/$name/bin/Release/netstandard2.0/$name.dll"
    }
    return $true
}

# PowerShell 7 brings a compiler of its own; Windows PowerShell's is too old for these sources.
function Invoke-AddType {
    if ($PSVersionTable.PSVersion.Major -lt 7) {
        throw "The assemblies of this checkout are not built. Install the .NET SDK, or import the module once in PowerShell 7."
    }
    $needed = @([IO.Directory]::GetFiles("$PSHOME/ref", '*.dll')) + [PSObject].Assembly.Location + $Reference
    foreach ($name in $Project) {
        $built = "$Destination/$name.$PID.tmp.dll"
        $files = Get-Source $name '*.cs'
        Add-Type -Path $files -ReferencedAssemblies $needed -OutputAssembly $built -OutputType Library -IgnoreWarnings -WarningAction SilentlyContinue
        Install-Assembly $name $built
        Remove-Item $built
        $needed += Get-Assembly $name
    }
}

if (Test-Fresh) { return }
$null = [IO.Directory]::CreateDirectory($Destination)
$lock = Enter-Build
try {
    if (Test-Fresh) { return }
    $hasDotNet = [bool](Get-Command dotnet -CommandType Application -ErrorAction Ignore)
    # the host directly: neither a warning nor part of anybody's output
    $Host.UI.WriteLine("Building $($Project[-1]) from its sources with $(if ($hasDotNet) { 'dotnet' } else { 'Add-Type' }), once.")
    if (-not ($hasDotNet -and (Invoke-DotNet))) { Invoke-AddType }
}
finally {
    $lock.Dispose()
}

. "$PSScriptRoot/harness.ps1"
$commands = 'Connect-GuestRedemption', 'Disconnect-GuestRedemption', 'Export-GuestRedemptionPlan', 'Export-GuestRedemptionReport', 'Get-GuestRedemption', 'Get-GuestRedemptionContext', 'Get-GuestRedemptionStatus', 'Reset-GuestRedemption', 'Send-GuestRedemptionReminder', 'Test-GuestRedemption'
Import-Module "$modules/GuestRedemption"

It 'has a valid manifest for both editions, and exports exactly its commands' {
    $manifest = Test-ModuleManifest "$modules/GuestRedemption/GuestRedemption.psd1"
    Assert-Equal '5.1' "$($manifest.PowerShellVersion)"
    Assert-Equal 'Desktop Core' "$($manifest.CompatiblePSEditions)"
    Assert-Equal "$commands" "$((Get-Command -Module GuestRedemption).Name | Sort-Object)"
    Assert-Equal ([GuestRedemption.Client]::Version) "$($manifest.Version)" 'version of module and library'
}

It 'lists every path tried when there is no library' {
    $script = "`$env:GUEST_REDEMPTION_LIBRARY = '/nowhere/lib.so'; Import-Module '$modules/GuestRedemption'; try { Get-GuestRedemption } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
    $shown = & pwsh -NoProfile -Command $script | Out-String
    Assert-Match 'LibraryNotFound,Get-GuestRedemption' $shown
    Assert-Match 'nowhere.lib\.so \(no such file\)' $shown
}

# The sources without anything built, in a folder of their own.
function Use-Copy([scriptblock] $Body) {
    $copy = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    $null = New-Item -ItemType Directory "$copy/src"
    Copy-Item "$modules/build.ps1", "$modules/Directory.Build.props" $copy
    Copy-Item "$modules/GuestRedemption" $copy -Recurse
    Remove-Item "$copy/GuestRedemption/bin" -Recurse
    foreach ($project in 'GuestRedemption', 'GuestRedemption.PowerShell') {
        $null = New-Item -ItemType Directory "$copy/src/$project"
        Copy-Item "$modules/src/$project/*.cs*" "$copy/src/$project"
    }
    try { & $Body $copy }
    finally { Remove-Item $copy -Recurse -Force }
}

It 'builds once when two processes import at the same time' {
    Use-Copy {
        param($copy)
        $script = "Import-Module '$copy/GuestRedemption'; (Get-Command -Module GuestRedemption).Count"
        $shown = 1..2 | ForEach-Object -Parallel { (& pwsh -NoProfile -Command $using:script 2>&1) -join "`n" }
        Assert-Equal 1 @($shown -match 'from its sources').Count 'builds'
        Assert-Equal 2 @($shown -match "(?m)^$($commands.Count)\r?$").Count 'imports'
    }
}

It 'builds again when a source is newer, and only then' {
    Use-Copy {
        param($copy)
        $script = "Import-Module '$copy/GuestRedemption'; (Get-Command -Module GuestRedemption).Count"
        Assert-Match 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        Assert-NoMatch 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        [IO.File]::SetLastWriteTimeUtc("$copy/src/GuestRedemption/Json.cs", [DateTime]::UtcNow)
        Assert-Match 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        Assert-NoMatch 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
    }
}

It 'builds again when an assembly that it needs is newer, and only then' {
    Use-Copy {
        param($copy)
        $built = "$copy/bin/GuestRedemption.dll"
        $needed = (Get-Item (New-Item "$copy/needed.dll")).FullName
        $build = { & "$copy/build.ps1" -Project GuestRedemption -Destination "$copy/bin" -Reference $needed; [IO.File]::GetLastWriteTimeUtc($built) }
        $first = & $build
        Assert-Equal $first (& $build)
        [IO.File]::SetLastWriteTimeUtc($needed, $first.AddSeconds(1))
        Assert-True ((& $build) -gt $first) 'built again'
    }
}

It 'builds with Add-Type where there is no dotnet' {
    $pwsh = (Get-Command pwsh).Source
    $path = $env:PATH
    Use-Copy {
        param($copy)
        $separator = [IO.Path]::PathSeparator
        $env:PATH = @($path.Split($separator) | Where-Object { -not (Get-ChildItem $_ -Filter 'dotnet*' -ErrorAction Ignore) }) -join $separator
        try { $shown = & $pwsh -NoProfile -Command "Import-Module '$copy/GuestRedemption'; (Get-GuestRedemption $alice).DisplayName" 2>&1 | Out-String }
        finally { $env:PATH = $path }
        Assert-Match 'with Add-Type' $shown
        Assert-Match '(?m)^Alice Alvarez\r?$' $shown
    }
}

exit $failures
